"""The files for containers say what the rest of the project says: commands, ports, settings, names.

No image is built here: the machines of this project have no container engine.
"""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from streamlit import config

from assessment.settings import FILE_SETTING, PREFIX, Settings, load_settings
from tests.conftest import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
NGINX = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.load((ROOT / "compose.yaml").read_text(), yaml.SafeLoader)  # noqa: TID251
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PORT = str(config.get_config_options()["server.port"].default_val)


def lines(word: str) -> list[str]:
    """What follows an instruction of the Dockerfile, each time."""
    return re.findall(rf"^\s*{word} (.*)$", DOCKERFILE.replace("\\\n", " "), re.MULTILINE)


# The image ----------------------------------------------------------------------------------------------


def test_the_image_installs_what_make_run_installs() -> None:
    made = re.findall(r"-m pip (install .*)$", MAKEFILE, re.MULTILINE)
    assert [command.replace("$(1)", "constraints.txt") for command in made] == re.findall(
        r"-m pip (install .*)$", DOCKERFILE, re.MULTILINE
    )


def test_its_python_is_the_one_that_the_pins_and_ci_are_for() -> None:
    (version,) = set(re.findall(r"python:(\d\.\d+)-", DOCKERFILE))
    assert f"--python-version {version}" in (ROOT / "scripts" / "pins").read_text()
    assert f"python{version}" in (ROOT / ".ci" / "run").read_text()


def test_everything_that_is_copied_is_there_and_nothing_else_is_seen() -> None:
    copied = [name for line in lines("COPY") if "--from" not in line for name in line.split()[:-1]]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    ignored, *seen = [
        line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"
    ]
    assert ignored == "*"
    assert {name.removeprefix("!") for name in seen if name[0] == "!"} == set(copied)
    assert [name for name in copied if fnmatch(name, "var*") or "secrets" in name] == []


def test_what_the_program_looks_for_beside_itself_is_copied() -> None:
    copied = {name for line in lines("COPY") for name in line.split()}
    assert {"app.py", "assessment", "questionnaires", ".streamlit/config.toml"} <= copied
    assert Settings().questionnaires.parent == ROOT


def test_it_runs_as_nobody_in_particular_and_watches_no_files() -> None:
    (user,) = lines("USER")
    assert user.isdigit()
    assert int(user) >= 1000
    (command,) = lines("CMD")
    assert '"--server.fileWatcherType", "none"' in command


def test_one_port_is_meant_everywhere() -> None:
    assert lines("EXPOSE") == [PORT]
    assert f"127.0.0.1:{PORT}/readyz" in DOCKERFILE
    assert f"PORT   ?= {PORT}" in MAKEFILE
    assert set(re.findall(r"server app-\d:(\d+)", NGINX)) == {PORT}
    published = [port.split(":") for port in SERVICES["proxy"]["ports"]]
    assert {inner for _, inner in published} == set(re.findall(r"listen (\d+)", NGINX))
    assert {outer for outer, _ in published} == {"443", "80"}


# The services -------------------------------------------------------------------------------------------


def test_every_name_in_the_environment_is_a_setting_of_somebody() -> None:
    ours = {FILE_SETTING, *(PREFIX + name.upper() for name in Settings.model_fields)}
    streamlits = {option.env_var for option in config.get_config_options().values()}
    others = {"POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD_FILE"}
    given = {name for service in SERVICES.values() for name in service.get("environment", {})}
    assert given <= ours | streamlits | others
    assert set(re.findall(rf"{PREFIX}\w+", DOCKERFILE)) <= ours


def test_the_values_of_our_settings_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    app = {
        name: value
        for name, value in SERVICES["app-1"]["environment"].items()
        if name.startswith(PREFIX) and name != FILE_SETTING
    }
    settings = load_settings(app)
    assert (settings.sign_in, settings.https_only, len(settings.proxies)) == ("links", True, 1)


def test_nginx_knows_each_process_and_waits_until_it_serves() -> None:
    processes = {name for name in SERVICES if name.startswith("app-")}
    assert set(re.findall(r"server (app-\d)", NGINX)) == processes == set(SERVICES["proxy"]["depends_on"])
    assert len(processes) > 1
    assert {SERVICES[name]["image"] for name in (*processes, "migrate")} == {"mesh-readiness"}
    assert SERVICES["app-1"] == SERVICES["app-2"]


def test_nothing_starts_before_the_schema_is_there_and_the_rights_are_given() -> None:
    assert SERVICES["app-1"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert SERVICES["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    (*_, script) = SERVICES["migrate"]["command"]
    assert script == "mesh-readiness db upgrade && mesh-readiness db grants mesh_app --apply"


def test_what_faces_people_can_write_nothing_and_gain_no_rights() -> None:
    for name in ("app-1", "app-2", "migrate", "proxy"):
        service = SERVICES[name]
        assert (service["read_only"], service["cap_drop"], service["tmpfs"]) == (True, ["ALL"], ["/tmp"])
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_only_the_proxy_is_believed_who_a_request_comes_from() -> None:
    address = SERVICES["proxy"]["networks"]["inside"]["ipv4_address"]
    assert SERVICES["app-1"]["environment"]["MESH_READINESS_PROXIES"] == address


def test_the_database_is_of_the_version_that_is_tested() -> None:
    assert re.search(r"postgres:(\d+)", SERVICES["database"]["image"])[1] == "15"  # type: ignore[index]
    assert "Version 15 is tested" in (ROOT / "docs" / "operating" / "postgresql.md").read_text()


# Secrets ------------------------------------------------------------------------------------------------


def test_no_secret_stands_in_a_file_that_is_committed() -> None:
    assert "/deploy/secrets/" in (ROOT / ".gitignore").read_text().splitlines()
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            is_secret = re.search("PASSWORD|TOKEN|SECRET|KEY", name)
            assert not is_secret or str(value).startswith("/run/secrets/"), name


def test_what_make_secrets_wrote_here_is_not_in_the_repository() -> None:
    """It would be everybody's password: the script leaves what is there already alone."""
    if not (ROOT / ".git").exists():
        pytest.skip("no repository: a copy without its history")
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "deploy"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert sorted(listed.stdout.split()) == [
        "deploy/make-secrets", "deploy/nginx.conf", "deploy/postgres/make-application-role.sh",
    ]  # fmt: skip


def test_every_file_below_run_secrets_is_a_secret_of_that_service() -> None:
    proxy = set(re.findall(r"/run/secrets/(\w+)", NGINX))
    assert proxy == set(SERVICES["proxy"]["secrets"])
    script = (ROOT / "deploy" / "postgres" / "make-application-role.sh").read_text()
    database = set(re.findall(r"/run/secrets/(\w+)", f"{script} {SERVICES['database']['environment']}"))
    assert database == set(SERVICES["database"]["secrets"])
    for name in ("app-1", "migrate"):
        file = SERVICES[name]["environment"][FILE_SETTING].removeprefix("/run/secrets/")
        assert [file] == SERVICES[name]["secrets"]
    assert {name for service in SERVICES.values() for name in service.get("secrets", ())} == set(
        COMPOSE["secrets"]
    )


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What deploy/make-secrets makes, in a folder of the tests' own."""
    folder = tmp_path_factory.mktemp("deploy")
    script = Path(shutil.copy(ROOT / "deploy" / "make-secrets", folder))
    for _ in range(2):
        subprocess.run([script, "mesh.example.org"], check=True)
    return folder / "secrets"


def test_the_secrets_that_compose_names_are_made_once_and_the_program_takes_them(secrets: Path) -> None:
    wanted = {Path(entry["file"]).name for entry in COMPOSE["secrets"].values()}
    assert {file.name for file in secrets.iterdir()} == wanted
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    passwords = {name: (secrets / f"{name}-password").read_text() for name in ("owner", "application")}
    assert all(re.fullmatch("[0-9a-f]{48}", password) for password in passwords.values())
    assert len(set(passwords.values())) == 2
    for file, whose, role in (
        ("settings", "application", "mesh_app"),
        ("owner-settings", "owner", "mesh_owner"),
    ):
        settings = load_settings({FILE_SETTING: str(secrets / f"{file}.toml")})
        assert settings.database_url == f"postgresql://{role}:{passwords[whose]}@database/mesh"
    assert len(tomllib.loads((secrets / "settings.toml").read_text())["metrics_token"]) == 48


def test_the_placeholder_certificate_names_the_host(secrets: Path) -> None:
    told = subprocess.run(
        ["openssl", "x509", "-in", secrets / "tls-certificate.pem", "-noout", "-ext", "subjectAltName"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert "DNS:mesh.example.org" in told.stdout
