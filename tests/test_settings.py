from __future__ import annotations

from pathlib import Path

import pytest

from assessment import errors
from assessment.errors import SettingsError
from assessment.settings import FILE_SETTING, Settings, load_settings, require_local

TOKEN = "s3cret-" + "x" * 40
KNOWN = ", ".join(f"MESH_READINESS_{name.upper()}" for name in Settings.model_fields)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def refusal(environment: dict[str, str]) -> SettingsError:
    with pytest.raises(SettingsError) as refused:
        load_settings(environment)
    return refused.value


def test_without_any_setting_the_defaults_hold() -> None:
    settings = load_settings({"PATH": "/bin", "MESH_OTHER": "x"})
    assert settings == Settings()
    assert settings.database_url.startswith("sqlite:///")
    assert (settings.questionnaires / "LOCK").exists()
    assert (settings.log_level, settings.log_format, settings.api_token) == ("INFO", "text", None)


def test_the_environment_sets_every_field() -> None:
    settings = load_settings(
        {
            "MESH_READINESS_DATABASE_URL": "postgresql://db/mesh",
            "MESH_READINESS_QUESTIONNAIRES": "/srv/q",
            "MESH_READINESS_LOG_LEVEL": "ERROR",
            "MESH_READINESS_LOG_FORMAT": "json",
            "MESH_READINESS_API_TOKEN": TOKEN,
            "MESH_READINESS_SIGN_IN": "links",
            "MESH_READINESS_HTTPS_ONLY": "true",
            "MESH_READINESS_ANYONE_ON_THE_NETWORK_MAY_ACT_AS_ANYBODY": "true",
        }
    )
    assert settings.anyone_on_the_network_may_act_as_anybody
    assert (settings.sign_in, settings.https_only) == ("links", True)
    assert settings.database_url == "postgresql://db/mesh"
    assert settings.questionnaires == Path("/srv/q")
    assert (settings.log_level, settings.log_format) == ("ERROR", "json")
    assert settings.api_token is not None
    assert settings.api_token.get_secret_value() == TOKEN


def test_a_file_sets_fields_and_the_environment_overrides_it(file: Path) -> None:
    file.write_text('log_level = "ERROR"\nlog_format = "json"\n', encoding="utf-8")
    settings = load_settings({FILE_SETTING: str(file), "MESH_READINESS_LOG_LEVEL": "DEBUG"})
    assert (settings.log_level, settings.log_format) == ("DEBUG", "json")


def test_an_empty_name_of_a_file_means_no_file() -> None:
    assert load_settings({FILE_SETTING: ""}) == Settings()


def test_settings_do_not_change_once_loaded() -> None:
    settings = load_settings({})
    with pytest.raises(ValueError, match="frozen"):
        settings.log_level = "DEBUG"  # type: ignore[misc]


def test_an_unknown_name_is_refused_with_a_suggestion() -> None:
    problem = errors.SETTING_UNKNOWN.at(
        "environment", 0, name="MESH_READINESS_DATABSE_URL",
        suggestion=" Did you mean 'MESH_READINESS_DATABASE_URL'?", known=KNOWN,
    )  # fmt: skip
    assert refusal({"MESH_READINESS_DATABSE_URL": "x"}).problems == (problem,)


def test_an_unknown_name_in_the_file_is_refused_with_the_file(file: Path) -> None:
    file.write_text("colour = 1\n", encoding="utf-8")
    problem = errors.SETTING_UNKNOWN.at(
        f"environment or {file}", 0, name="MESH_READINESS_COLOUR", suggestion="", known=KNOWN
    )
    assert refusal({FILE_SETTING: str(file)}).problems == (problem,)


def test_every_fault_is_told_at_once() -> None:
    found = refusal(
        {
            "MESH_READINESS_LOG_LEVEL": "loud",
            "MESH_READINESS_LOG_FORMAT": "xml",
            "MESH_READINESS_COLOUR": "red",
        }
    )
    assert sorted(problem.code for problem in found.problems) == ["S101", "S101", "S102"]
    assert "MESH_READINESS_LOG_LEVEL is 'loud'" in str(found)
    assert "'json'" in str(found)


@pytest.mark.parametrize(
    "content", [b"log_level = \n", b"\xff", b"log_level = 'INFO'\nlog_level = 'DEBUG'\n"]
)
def test_a_file_that_cannot_be_parsed_is_named(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    (problem,) = refusal({FILE_SETTING: str(file)}).problems
    assert (problem.source, problem.code) == (str(file), errors.SETTING_UNREADABLE.code)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.toml", tmp_path):
        (problem,) = refusal({FILE_SETTING: str(path)}).problems
        assert (problem.source, problem.code) == (str(path), errors.SETTING_UNREADABLE.code)


@pytest.mark.parametrize("token", ["", "short", "x" * 31])
def test_a_short_token_is_refused(token: str) -> None:
    (problem,) = refusal({"MESH_READINESS_API_TOKEN": token}).problems
    assert problem.code == errors.SETTING_INVALID.code
    assert problem.text.startswith("MESH_READINESS_API_TOKEN is '…': ")


def test_a_token_of_32_characters_is_long_enough() -> None:
    assert load_settings({"MESH_READINESS_API_TOKEN": "x" * 32}).api_token is not None


def test_a_secret_shows_in_no_print_and_no_message(file: Path) -> None:
    settings = load_settings({"MESH_READINESS_API_TOKEN": TOKEN})
    assert TOKEN not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    file.write_text(f'api_token = ["{TOKEN}"]\nlog_level = "loud"\n', encoding="utf-8")
    error = refusal({FILE_SETTING: str(file)})
    assert TOKEN not in f"{error} {error!r}"
    assert error.__cause__ is None
    assert error.__suppress_context__
    assert "hush-hush" not in str(refusal({"MESH_READINESS_API_TOKEN": "hush-hush"}))


def test_the_value_of_a_misspelled_secret_is_not_printed() -> None:
    assert TOKEN not in str(refusal({"MESH_READINESS_API_TOKN": TOKEN}))


# Who reaches the server -------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost"])
def test_a_server_for_this_machine_only_may_start(address: str) -> None:
    require_local(address, Settings())


@pytest.mark.parametrize(
    "address", [None, "", "0.0.0.0", "::", "192.168.1.5", "mesh.example.org", "localhost.example.org"]
)
def test_an_open_server_starts_only_when_the_operator_says_so_in_words(address: str | None) -> None:
    name = "MESH_READINESS_ANYONE_ON_THE_NETWORK_MAY_ACT_AS_ANYBODY"
    with pytest.raises(SettingsError) as refused:
        require_local(address, load_settings({}))
    problem = errors.ADDRESS_OPEN.at("server.address", 0, address=address or "not set", name=name)
    assert refused.value.problems == (problem,)
    require_local(address, load_settings({name: "true"}))
    require_local(address, load_settings({"MESH_READINESS_SIGN_IN": "links"}))


def test_nobody_signs_in_until_the_operator_says_so() -> None:
    assert (Settings().sign_in, Settings().https_only) == ("none", False)
    (problem,) = refusal({"MESH_READINESS_SIGN_IN": "passwords"}).problems
    assert problem.code == errors.SETTING_INVALID.code


def test_a_way_of_signing_in_names_all_that_it_lacks() -> None:
    told = refusal({"MESH_READINESS_SIGN_IN": "oidc", "MESH_READINESS_OIDC_CLIENT_ID": "mesh"}).problems
    assert {problem.code for problem in told} == {errors.SETTING_MISSING.code}
    assert [str(problem).split(" is not set")[0].rpartition(" ")[2] for problem in told] == [
        "MESH_READINESS_ADDRESS", "MESH_READINESS_OIDC_ISSUER", "MESH_READINESS_OIDC_CLIENT_SECRET",
    ]  # fmt: skip
    (problem,) = refusal({"MESH_READINESS_SIGN_IN": "proxy"}).problems
    assert "MESH_READINESS_PROXY_SECRET" in str(problem)


def test_what_is_secret_is_in_nothing_that_is_printed_by_accident() -> None:
    said = "s3cret-" + "x" * 40
    names = ("API_TOKEN", "METRICS_TOKEN", "OIDC_CLIENT_SECRET", "PROXY_SECRET")
    given = {f"MESH_READINESS_{name}": said for name in names}
    given["MESH_READINESS_DATABASE_URL"] = f"postgresql://mesh:{said}@db/mesh"
    settings = load_settings(given)
    assert said not in f"{settings!r} {settings}"


def test_tables_and_lists_are_written_in_the_environment_too(file: Path) -> None:
    settings = load_settings(
        {
            "MESH_READINESS_GROUPS": '{"leads": ["cdao", "reviewer"]}',
            "MESH_READINESS_PROXIES": "10.0.0.0/8, ::1",
        }
    )
    assert settings.groups == {"leads": ("cdao", "reviewer")}
    assert [str(network) for network in settings.proxies] == ["10.0.0.0/8", "::1/128"]
    file.write_text(
        'proxies = ["10.0.0.0/8", "::1"]\n[groups]\nleads = ["cdao", "reviewer"]\n', encoding="utf-8"
    )
    from_file = load_settings({FILE_SETTING: str(file)})
    assert (from_file.groups, from_file.proxies) == (settings.groups, settings.proxies)


def test_the_way_out_of_a_proxy_may_lead_on_to_the_providers() -> None:
    address = "https://mesh.example.org/oauth2/sign_out?rd=https%3A%2F%2Fid.example.org%2Flogout"
    assert load_settings({"MESH_READINESS_SIGN_OUT_ADDRESS": address}).sign_out_address == address


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GROUPS", "leads"), ("GROUPS", '{"leads": "cdao"}'), ("PROXIES", "everybody"), ("PROXIES", "10.0.0.1/8"),
        ("ADDRESS", "mesh.example.org"), ("ADDRESS", "https://u:p@mesh.example.org"), ("OIDC_ISSUER", "ftp://id"),
        ("PROXY_HEADERS", "X Forwarded"), ("PROXY_SECRET", "short"), ("SIGN_OUT_ADDRESS", "javascript:alert(1)"),
    ],
)  # fmt: skip
def test_what_can_not_be_meant_is_refused(name: str, value: str) -> None:
    (problem,) = refusal({f"MESH_READINESS_{name}": value}).problems
    assert problem.code == errors.SETTING_INVALID.code
    assert f"MESH_READINESS_{name}" in str(problem)
    if name == "PROXY_SECRET":
        assert "short" not in str(problem).replace("shorter", "")
