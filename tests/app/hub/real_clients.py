#!/usr/bin/env python3
"""Both hubs' own Python clients against tests/fixtures/hub/hub_server.py: what tests take for a hub is one to them too.

Usage: real_clients.py [VENV]
Makes the virtual environment where it is not there yet, installs the clients from PyPI, runs them. Needs a network for
that, so it is run by hand when the server changes; CI runs our own client against the same server (test_hub).
"""
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SERVER = HERE.parents[1] / "fixtures" / "hub" / "hub_server.py"
PACKAGES = ["huggingface_hub==2.4.0", "modelscope_hub==0.5.1", "modelscope==1.40.2"]


def start(filler):
    process = subprocess.Popen([sys.executable, str(SERVER), "--filler", str(filler)], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    return process, "http://127.0.0.1:" + process.stdout.readline().split()[1]


def check(what, held):
    print(("ok    " if held else "WRONG ") + what)
    if not held:
        sys.exit(1)


def hugging_face(endpoint):
    from huggingface_hub import HfApi, hf_hub_download
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError
    api = HfApi(endpoint=endpoint, token=False)
    every = list(api.list_models(filter="gguf", limit=None))
    check("list_models follows pages", len(every) > 100 and len({m.id for m in every}) == len(every))
    paged = list(api.list_models(search="filler", limit=75))
    check("list_models keeps the limit", len(paged) == 75)
    tiny = next(m for m in api.list_models(search="llama-tiny", expand=["gguf", "cardData", "gated", "downloads", "tags"]))
    check("the gguf field", tiny.gguf == {"total": 82000, "architecture": "llama", "context_length": 256})
    check("the card", tiny.card_data.license == "apache-2.0" and tiny.card_data.language == ["en", "zh"])
    info = api.model_info("tiny-models/Llama-Tiny-GGUF", files_metadata=True)
    gguf = [s for s in info.siblings if s.rfilename.endswith(".gguf")]
    check("files with sizes and digests", len(gguf) == 3 and all(s.size == s.lfs.size and len(s.lfs.sha256) == 64 for s in gguf))
    check("gated, by the author", api.model_info("tiny-models/Gated-GGUF").gated == "manual")
    check("gated, by terms", api.model_info("tiny-models/Terms-GGUF").gated == "auto")
    check("no GGUF", not [s for s in api.model_info("tiny-models/No-Files-Of-Ours").siblings if s.rfilename.endswith(".gguf")])
    check("missing fields", api.model_info("tiny-models/Bare").downloads is None)
    for name in ("secret/Private-GGUF", "nobody/Nothing"):
        try:
            api.model_info(name)
            check(name + " is not found", False)
        except RepositoryNotFoundError:
            check(name + " is not found", True)
    check("a private one with a token", HfApi(endpoint=endpoint, token="good").model_info("secret/Private-GGUF").private)
    with tempfile.TemporaryDirectory() as cache:
        path = hf_hub_download("tiny-models/Llama-Tiny-GGUF", "quants/Llama-Tiny-Q8_0.gguf", endpoint=endpoint, cache_dir=cache, token=False)
        check("hf_hub_download", os.path.getsize(path) == next(s.size for s in gguf if s.rfilename.startswith("quants")))
        try:
            hf_hub_download("tiny-models/Gated-GGUF", "Gated-Q4_K_M.gguf", endpoint=endpoint, cache_dir=cache, token=False)
            check("a gated file is refused", False)
        except GatedRepoError:
            check("a gated file is refused", True)
        path = hf_hub_download("tiny-models/Gated-GGUF", "Gated-Q4_K_M.gguf", endpoint=endpoint, cache_dir=cache, token="good")
        check("and given to who was let in", os.path.getsize(path) > 1000)


def model_scope(endpoint):
    from modelscope_hub import HubApi
    from modelscope_hub.errors import NotExistError
    api = HubApi(endpoint=endpoint)
    page = api.list_repos("model", search="filler", page_size=50)
    check("list_repos counts", page.total_count == 150 and len(page.items) == 50 and page.has_next)
    last = api.list_repos("model", search="filler", page_size=50, page_number=3)
    check("the last page", not last.has_next and last.items[0].repo_id.startswith("many/Filler-1"))
    tiny = api.get_repo("tiny-models/Llama-Tiny-GGUF", repo_type="model")
    check("get_repo", tiny.license == "apache-2.0" and tiny.downloads == 900 and tiny.repo_id == "tiny-models/Llama-Tiny-GGUF")
    check("gated", api.get_repo("tiny-models/Gated-GGUF", repo_type="model").gated is True)
    files = api.list_repo_files("tiny-models/Llama-Tiny-GGUF", "model")
    gguf = [f for f in files if f.path.endswith(".gguf")]
    check("files with sizes and digests", len(gguf) == 3 and all(f.size and len(f.sha256) == 64 for f in gguf))
    check("folders", [f.path for f in files if f.is_dir] == ["quants"])
    check("no GGUF", not [f for f in api.list_repo_files("tiny-models/No-Files-Of-Ours", "model") if f.path.endswith(".gguf")])
    check("missing fields", api.get_repo("tiny-models/Bare", repo_type="model").downloads == 0)
    try:
        api.get_repo("nobody/Nothing", repo_type="model")
        check("nobody/Nothing is not found", False)
    except NotExistError:
        check("nobody/Nothing is not found", True)


def model_scope_as_published(endpoint):
    from modelscope.hub.api import HubApi
    from modelscope.hub.file_download import model_file_download
    api = HubApi(endpoint=endpoint)
    check("modelscope: list_models", api.list_models("tiny-models", page_size=50)["TotalCount"] == 6)
    check("modelscope: get_model_files", len(api.get_model_files("tiny-models/Llama-Tiny-GGUF", recursive=True)) >= 4)
    with tempfile.TemporaryDirectory() as folder:
        path = model_file_download("tiny-models/Llama-Tiny-GGUF", "Llama-Tiny-F32.gguf", local_dir=folder, endpoint=endpoint)
        check("modelscope: model_file_download", os.path.getsize(path) > 300_000)


def main():
    if os.environ.get("PELLUCID_CLIENTS_READY"):
        process, endpoint = start(150)
        try:
            hugging_face(endpoint)
            model_scope(endpoint)
            model_scope_as_published(endpoint)
        finally:
            process.stdin.close()
            process.wait(10)
        print("both clients read what the server says")
        return
    where = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="hub-clients-"))
    python = where / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(where)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], check=True)
    home = tempfile.mkdtemp(prefix="hub-home-")  # neither tokens nor caches of whoever runs this
    sys.exit(subprocess.run([str(python), __file__], env={**os.environ, "PELLUCID_CLIENTS_READY": "1", "HOME": home,
                                                          "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}).returncode)


if __name__ == "__main__":
    main()
