"""What can go wrong with the database, in words an operator understands."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """Why the database cannot be used now."""

    UNWRITABLE = "unwritable"
    LOCKED = "locked"
    FULL = "full"
    CORRUPT = "corrupt"
    UNREACHABLE = "unreachable"


_MESSAGES = {
    Cause.UNWRITABLE: "Không ghi được vào nơi chứa dữ liệu. Hãy kiểm tra đường dẫn và quyền ghi của thư mục.",
    Cause.LOCKED: "Cơ sở dữ liệu đang bị một tiến trình khác khóa quá lâu. Hãy thử lại sau ít giây.",
    Cause.FULL: "Ổ đĩa chứa dữ liệu đã đầy. Hãy giải phóng dung lượng; chưa có gì được ghi dở dang.",
    Cause.CORRUPT: "Tệp cơ sở dữ liệu bị hỏng hoặc không phải SQLite. Hãy khôi phục từ bản sao lưu.",
    Cause.UNREACHABLE: "Không kết nối được tới cơ sở dữ liệu. Hãy kiểm tra địa chỉ và máy chủ.",
}


class StoreError(Exception):
    """Base of the errors of this room."""


class StoreUnavailable(StoreError):
    """The database cannot take the request; nothing of the transaction was kept."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(_MESSAGES[cause])
        self.cause = cause


class UnsupportedDatabase(StoreError):
    """The URL names a database other than SQLite (aiosqlite) or PostgreSQL (asyncpg)."""

    def __init__(self, driver: str) -> None:
        super().__init__(
            f"Không hỗ trợ cơ sở dữ liệu “{driver}”; hãy dùng sqlite+aiosqlite:///… hoặc postgresql+asyncpg://…"
        )


_SQLITE_CAUSES = {
    5: Cause.LOCKED,  # SQLITE_BUSY
    6: Cause.LOCKED,  # SQLITE_LOCKED
    8: Cause.UNWRITABLE,  # SQLITE_READONLY
    10: Cause.UNWRITABLE,  # SQLITE_IOERR
    11: Cause.CORRUPT,  # SQLITE_CORRUPT
    13: Cause.FULL,  # SQLITE_FULL
    14: Cause.UNWRITABLE,  # SQLITE_CANTOPEN
    26: Cause.CORRUPT,  # SQLITE_NOTADB
}
_POSTGRES_CAUSES = {
    "53100": Cause.FULL,  # disk_full
    "53200": Cause.FULL,  # out_of_memory
    "55P03": Cause.LOCKED,  # lock_not_available
    "40P01": Cause.LOCKED,  # deadlock_detected
    "25006": Cause.UNWRITABLE,  # read_only_sql_transaction
}


def cause_of(error: BaseException) -> Cause | None:
    """The cause behind a driver's error, or None when it is not the database's condition but a defect."""
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _SQLITE_CAUSES.get(code & 0xFF)
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        unreachable = state.startswith(("08", "57P", "53300"))
        return Cause.UNREACHABLE if unreachable else _POSTGRES_CAUSES.get(state)
    return None
