"""Settings: safe by default, refused with the variable's name where they are not, silent about secrets."""

from __future__ import annotations

import pytest

from api.settings import Settings, SettingsError, is_loopback, load_settings

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawx"
SECRET = "s3cr3t_s3cr3t_s3cr3t"
WEBHOOK = {
    "BANHOI_TELEGRAM_MODE": "webhook",
    "BANHOI_TELEGRAM_TOKEN": TOKEN,
    "BANHOI_TELEGRAM_WEBHOOK_SECRET": SECRET,
    "BANHOI_PUBLIC_URL": "https://hoi.example.vn",
}


def refused(environ: dict[str, str]) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    return caught.value


def test_the_defaults_serve_this_machine_only() -> None:
    settings = load_settings({})
    assert is_loopback(settings.host)
    assert settings.telegram_mode == "off"
    assert settings.trusted_proxies == ()
    assert settings.hosts == {"127.0.0.1", "localhost", "::1"}
    assert settings.database.startswith("sqlite+aiosqlite:////")
    assert settings.database.endswith("/var/banhoi.db")


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load_settings({"BANHOI_TELEGRAM_TOKEN": "", "BANHOI_PORT": " "}) == load_settings({})


def test_an_unknown_variable_is_reported_with_the_one_that_was_meant() -> None:
    error = refused({"BANHOI_TELEGRAM_TOKENN": TOKEN, "BANHOI_QUITE_ANOTHER": "1"})
    assert set(error.problems) == {"BANHOI_TELEGRAM_TOKENN", "BANHOI_QUITE_ANOTHER"}
    assert "BANHOI_TELEGRAM_TOKEN?" in error.problems["BANHOI_TELEGRAM_TOKENN"]
    assert TOKEN not in str(error)


def test_other_programs_variables_are_left_alone() -> None:
    assert load_settings({"BANHOI_SHARED": "/data", "BANHOI_NO_SKIPS": "1", "PATH": "/bin"})


@pytest.mark.parametrize("secret", ["", "short", "has spaces in it, long", "dấu-tiếng-việt-đủ-dài"])
def test_a_webhook_without_a_good_secret_is_refused(secret: str) -> None:
    error = refused(WEBHOOK | {"BANHOI_TELEGRAM_WEBHOOK_SECRET": secret})
    assert list(error.problems) == ["BANHOI_TELEGRAM_WEBHOOK_SECRET"]
    assert "16" in str(error)


@pytest.mark.parametrize("mode", ["webhook", "polling"])
def test_telegram_needs_a_token(mode: str) -> None:
    without = {key: value for key, value in WEBHOOK.items() if key != "BANHOI_TELEGRAM_TOKEN"}
    assert list(refused(without | {"BANHOI_TELEGRAM_MODE": mode}).problems) == ["BANHOI_TELEGRAM_TOKEN"]


def test_a_webhook_with_everything_is_taken() -> None:
    settings = load_settings(WEBHOOK)
    assert settings.secure_cookies
    assert "hoi.example.vn" in settings.hosts


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "hoi.example.vn"])
def test_listening_to_the_world_needs_host_names(host: str) -> None:
    assert list(refused({"BANHOI_HOST": host}).problems) == ["BANHOI_ALLOWED_HOSTS"]
    settings = load_settings({"BANHOI_HOST": host, "BANHOI_ALLOWED_HOSTS": "Hoi.Example.vn, b.vn"})
    assert settings.hosts == {"hoi.example.vn", "b.vn"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "http://hoi.example.vn"),
        ("PUBLIC_URL", "https://hoi.example.vn/duong/dan"),
        ("PUBLIC_URL", "hoi.example.vn"),
        ("PORT", "0"),
        ("PORT", "tám nghìn"),
        ("RATE_LIMIT", "nhiều"),
        ("RATE_LIMIT_STORAGE", "file:///tmp"),
        ("DATABASE_URL", "mysql://u:hunter2hunter2@h/d"),
        ("TELEGRAM_MODE", "carrier-pigeon"),
        ("LOG_FORMAT", "xml"),
        ("METRICS_TOKEN", "short"),
        ("STAFF", "maybe"),
        ("STAFF_KEY", "hunter2"),
        ("STAFF_IDLE_MINUTES", "0"),
        ("STAFF_SESSION_HOURS", "100"),
        ("RATE_LIMIT_SIGN_IN", "nhiều; ít"),
        ("OIDC_METADATA_URL", "http://id.example.vn/x"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name_and_not_repeated(name: str, value: str) -> None:
    error = refused({f"BANHOI_{name}": value})
    assert list(error.problems) == [f"BANHOI_{name}"]
    assert "hunter2" not in str(error)


def test_all_problems_are_told_at_once() -> None:
    error = refused({"BANHOI_PORT": "x", "BANHOI_LOG_LEVEL": "loud", "BANHOI_NEW": "1"})
    assert set(error.problems) == {"BANHOI_PORT", "BANHOI_LOG_LEVEL", "BANHOI_NEW"}


def test_secrets_show_in_no_representation() -> None:
    settings = load_settings(
        WEBHOOK
        | {
            "BANHOI_DATABASE_URL": "postgresql+asyncpg://u:hunter2@h/d",
            "BANHOI_RATE_LIMIT_STORAGE": "valkey://:hunter2@h:6379",
            "BANHOI_METRICS_TOKEN": "m3trics_m3trics_m3trics",
        }
    )
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    for secret in (TOKEN, SECRET, "hunter2", "m3trics"):
        assert secret not in shown
    assert "hunter2" in settings.database


PUBLIC = {"BANHOI_PUBLIC_URL": "https://hoi.example.vn", "BANHOI_HOST": "0.0.0.0", "BANHOI_TRUSTED_PROXIES": "10.0.0.2"}
POSTGRES = {"BANHOI_DATABASE_URL": "postgresql+asyncpg://u@h/d"}
OIDC = {
    "BANHOI_OIDC_METADATA_URL": "https://id.example.vn/.well-known/openid-configuration",
    "BANHOI_OIDC_CLIENT_ID": "banhoi",
    "BANHOI_OIDC_CLIENT_SECRET": "s3cret",
}


@pytest.mark.parametrize(
    ("environ", "lacks"),
    [
        ({}, []),
        (PUBLIC | {"BANHOI_ALLOWED_HOSTS": "b.vn"}, []),
        ({"BANHOI_HOST": "0.0.0.0", "BANHOI_ALLOWED_HOSTS": "b.vn"}, ["PUBLIC_URL", "TRUSTED_PROXIES"]),
        ({"BANHOI_ALLOWED_HOSTS": "b.vn", "BANHOI_TRUSTED_PROXIES": "10.0.0.2"}, ["PUBLIC_URL"]),
        ({"BANHOI_ALLOWED_HOSTS": "*"}, ["PUBLIC_URL", "TRUSTED_PROXIES"]),
        ({"BANHOI_PUBLIC_URL": "https://hoi.example.vn"}, ["TRUSTED_PROXIES"]),
        (POSTGRES, ["STAFF_KEY"]),
        (POSTGRES | {"BANHOI_STAFF_KEY": "k" * 32}, []),
    ],
)
def test_officers_sign_in_only_where_it_is_safe(environ: dict[str, str], lacks: list[str]) -> None:
    """Over http beyond this machine a password would travel in the clear. Asked for, it stops the start."""
    if "BANHOI_HOST" in environ and "BANHOI_ALLOWED_HOSTS" not in environ:
        environ = environ | {"BANHOI_ALLOWED_HOSTS": "hoi.example.vn"}
    assert load_settings(environ).serves_staff == (not lacks)
    assert not load_settings(environ | {"BANHOI_STAFF": "off"}).serves_staff
    asked = environ | {"BANHOI_STAFF": "on"}
    if lacks:
        assert sorted(refused(asked).problems) == [f"BANHOI_{name}" for name in lacks]
    else:
        assert load_settings(asked).serves_staff


def test_a_provider_is_set_up_whole_or_not_at_all() -> None:
    assert load_settings(OIDC).oidc_metadata_url
    for name in OIDC:
        some = {key: value for key, value in OIDC.items() if key != name}
        assert list(refused(some).problems) == [name]


def test_a_provider_without_its_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.settings.importlib.util.find_spec", lambda name: None)
    assert "banhoi[oidc]" in refused(OIDC).problems["BANHOI_OIDC_METADATA_URL"]


def test_settings_never_change() -> None:
    settings = Settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]
