"""Word lists that names and addresses are recognised by; folded forms are derived from the written ones."""

from __future__ import annotations

from feed.redaction.view import fold


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _folded(words: frozenset[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)


SURNAMES = _set(
    """nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trương lương đoàn mai
    trịnh cao hà tạ thái phùng tô châu lâm tống quách vương đào tăng thân kiều la từ bạch lưu văn nghiêm
    giang ninh chu doãn hứa khương lại mạc nhâm phó tôn triệu ung viên khổng cù lục bế nông đàm âu cái
    lữ tiêu ngụy thạch sơn kim danh đồng hoa hầu giàng sùng vàng lò cầm vi trà ksor siu rơ thiều bành
    tiết trang vạn biện ôn cung hoằng blô kpă hồ"""
)
CLEAR_SURNAMES = _set(
    """nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ ngô đinh trương trịnh phùng quách triệu"""
)
"""Surnames that make a name with any two words after them; the others are words and places too."""
UNACCENTED_SURNAMES = _set("nguyen tran pham huynh hoang bui")
"""Surnames that stay recognisable without diacritics."""
LIKELY_SURNAMES = _set(
    "nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly dinh truong luong doan trinh ha quach phung"
)
"""Folded surnames that may begin a name in a text without diacritics; the others are mostly words there."""
FOLDED_SURNAMES = _folded(SURNAMES)
MIDDLES = _set(
    """van thi huu duc dinh ngoc minh quoc xuan thanh quang thu kim cong trong nhu phuong hong bao viet anh
    tuan dang gia khanh tien manh tan the duy tuong my bich thuy tuyet hoang vinh"""
)
"""Usual middle names, folded."""
HOMOGRAPHS = frozenset([("do", "thi"), ("do", "van"), ("ho", "thi"), ("ho", "van"), ("dang", "van"),
                        ("duong", "van"), ("truong", "van"), ("phan", "thi"), ("le", "thi")])  # fmt: skip
"""Unaccented beginnings of names that are more often words: đô thị, do văn phòng, phần thì, lệ thì."""
WORDY_SURNAMES = _set("đoàn sơn danh hoa vàng kim")
"""Surnames that begin titles: Đoàn Thanh Niên."""
NOT_GIVEN = _set(
    """bản phòng bằng hóa hoá kiện thư chương nghệ thực trường trấn xã chính hành ban bang kien thuc truong
    tran xa hanh nghe"""
)
"""Words after "văn" and "thị" that make another word of them: văn bản, thị trường."""

STOPS = _set(
    """muốn hỏi sinh ở năm cần làm xin đang có là cho nhà quê số cccd cmnd cmt sdt địa thường hiện và với
    của nhé a đã chưa đi mất bị báo tôi em cháu mình không ko k được nộp đến tại ngụ giới dân cư nghề
    lại thế nào gì ai hay hoặc rồi xong nên sẽ phải giúp nhờ cảm vậy để khai xã phường thôn xóm tp huyện
    điện liên hệ mst stk trong ngoài khác sai đúng đệm gọi người gửi thừa trên theo vì những mà ngày
    tháng lúc này kia về lên vào ra con vợ chồng mẹ bố thì mới vừa tên họ cùng như ơi à ạ chuyển lấy xem
    biết thay mua bán dạy hôm qua kế lạc từ cấp khu phố tổ trú đính mong hồi học kết hôn việt viết tranh
    chấp kiện đòi nói bảo đứng ký nghĩ nhưng nhưng cũng thôi sđt đt dt zalo hồ sơ giấy thẻ hộ nghèo tuổi
    lớp đăng trả nhận mang giờ chia dài đẹp"""
)
FOLDED_STOPS = _folded(STOPS) - _set("lam ha don bao minh anh chi bao my")
"""Words that end a name or a street in lower case."""
HARD_STOPS = _set("muon hoi xin sinh o la co can cho so phai se bi duoc khong")
"""Folded words that end it wherever they stand."""

HALVES = _set("đô siêu giám cận viễn hiển nhà hội sở khoa")
"""Words that with "thị" or "văn" are another word: đô thị, siêu thị."""
PLACES = frozenset(
    [
        *(
            "ha noi",
            "ha tinh",
            "ha nam",
            "ha giang",
            "thai binh",
            "thai nguyen",
            "lam dong",
            "ninh binh",
            "ninh thuan",
        ),
        *(
            "cao bang",
            "vinh linh",
            "ho xa",
            "ho chi",
            "chau au",
            "chau a",
            "kim dong",
            "hoa binh",
            "duong tinh",
        ),
    ]
)
"""Beginnings of places and other words (folded) whose first syllable is a surname too."""
STREET_BEGINNINGS = _set("nguyen tran le pham huynh hoang ly ngo dinh bui hung phan vo ton dien hai")
"""Folded first words of streets, told apart from counted things: 27 ly thuong kiet, but 2 tang."""
TOWNS = frozenset(
    ["dong ha", "dong hoi", "quang tri", "quang binh", "ba don", "ho xa", "lao bao", "cam lo", "gio linh"]
)

ORGANISATIONS = _set(
    """cong hop trung truong uy ubnd thu giay dang ho co xa phuong tinh so phong ban to doanh cua quan du
    chu mau don thon bo cuc chi cty htx tnhh quy hoi lop khu benh vien nha ngan bao duong tai"""
)
"""First syllables (folded) of things that may follow "tên"."""

PLACE_WORDS = _set(
    """đường phố trường chợ cầu viện phường xã quận huyện lộ khu kiệt hẻm ngõ ngách giải kênh thpt thcs học
    non tp thôn làng sông núi đảo tỉnh tx tt đình đền chùa bến cổng vườn sân ga đồi khóm ấp bảo hàng"""
)
"""Words before a capitalised name that make it a street, a school or a place."""
FOLDED_PLACE_WORDS = _folded(PLACE_WORDS) - _set("cho cau giai bao hang hoc")
OFFICE_HOLDERS = ("chu tich", "bi thu", "bo truong", "thu tuong", "danh nhan")
"""Folded words before the name of a public figure, which is no citizen's personal datum."""

FIGURES = frozenset(
    ["ho chi minh", "vo nguyen giap", "tran hung dao", "hoang hoa tham", "vo van kiet", "pham van dong",
     "nguyen tat thanh", "le thanh ton", "ly thuong kiet", "phan boi chau", "phan chu trinh"]
)  # fmt: skip
"""Persons whose names stand in addresses and titles rather than for a citizen (folded)."""


def ends_name(written: str, folded: str, *, accented: bool) -> bool:
    """Whether a word cannot belong to a name or street that stands in lower case."""
    return (written in STOPS) if accented else (folded in FOLDED_STOPS)
