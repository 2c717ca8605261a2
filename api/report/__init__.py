"""The monthly report on the column "Bạn hỏi – Chính quyền trả lời", as DOCX and PDF in the official layout."""
