"""-p and -w as people type them."""

from __future__ import annotations

from pathlib import Path

import pytest
from holkas.cli.errors import CommandError
from holkas.cli.run_inputs import parse_params
from holkas.cli.run_workspaces import parse_workspaces


def workspace(word):
    (binding,) = parse_workspaces([word])
    return binding.name, binding.kind, dict(binding.source), binding.sub_path


def test_params_are_texts_and_the_last_one_counts():
    assert parse_params(["a=1", "b=", "c=x=y", 'd=["p"]', "a=2"]) == {
        "a": "2",
        "b": "",
        "c": "x=y",
        "d": '["p"]',
    }


def test_a_param_from_a_file(tmp_path):
    (tmp_path / "value").write_text("über\n")
    assert parse_params([f"a=@{tmp_path}/value", "b=@@scope/x"]) == {"a": "über\n", "b": "@scope/x"}


@pytest.mark.parametrize("word", ["a", "=1", ""])
def test_a_param_without_name_or_value(word):
    with pytest.raises(CommandError, match="is not NAME=VALUE"):
        parse_params([word])


def test_a_param_from_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(CommandError, match="No such file") as caught:
        parse_params(["a=@scope/x"])
    assert "@@" in caught.value.hint
    (tmp_path / "binary").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(CommandError, match="not UTF-8"):
        parse_params([f"a=@{tmp_path}/binary"])


@pytest.mark.parametrize(
    ("word", "kind", "source"),
    [
        ("name=w,emptyDir=", "emptyDir", {}),
        ("name=w,emptyDir=Memory", "emptyDir", {"medium": "Memory"}),
        ("emptyDir=,name=w", "emptyDir", {}),
        ("name=w,claimName=c", "persistentVolumeClaim", {"claimName": "c"}),
        ("name=w,config=c", "configMap", {"name": "c"}),
        ("name=w,secret=s", "secret", {"secretName": "s"}),
        (
            "name=w,config=c,item=k=p,item=k2=a/b",
            "configMap",
            {"name": "c", "items": [{"key": "k", "path": "p"}, {"key": "k2", "path": "a/b"}]},
        ),
        ("name=w,hostPath=/x", "hostPath", {"path": "/x", "writable": True}),
        ("w=/x", "hostPath", {"path": "/x", "writable": True}),
    ],
)
def test_all_ways_of_binding_a_workspace(word, kind, source):
    assert workspace(word) == ("w", kind, source, "")


def test_a_sub_path():
    assert workspace("name=w,claimName=c,subPath=a/b")[3] == "a/b"


def test_paths_are_those_of_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    assert workspace("w=.")[2]["path"] == str(Path.cwd())
    assert workspace("w=~/x")[2]["path"] == "/home/me/x"


def test_a_claim_template_and_a_csi_volume_come_from_files(tmp_path):
    (tmp_path / "t.yaml").write_text("spec: {accessModes: [ReadWriteOnce]}\n")
    kind, source = workspace(f"name=w,volumeClaimTemplateFile={tmp_path}/t.yaml")[1:3]
    assert (kind, source) == ("volumeClaimTemplate", {"spec": {"accessModes": ["ReadWriteOnce"]}})
    assert workspace(f"name=w,csiFile={tmp_path}/t.yaml")[1] == "csi"


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("w", "has no '='"),
        ("name=w", "nothing is bound"),
        ("name=,emptyDir=", "the name is empty"),
        ("emptyDir=,claimName=c", "has no name="),
        ("name=w,emptyDir=,claimName=c", "two things"),
        ("name=w,emptydir=", "there is no 'emptydir'"),
        ("name=w,emptyDir=Disk", "not 'Disk'"),
        ("name=w,claimName=", "claimName is empty"),
        ("name=w,emptyDir=,item=a=b", "item= goes with"),
        ("name=w,config=c,item=a", "item wants KEY=PATH"),
        ("name=w,csiFile=/no/such/file", "No such file"),
        ("item=a=b", "has no name="),
    ],
)
def test_what_is_no_workspace(word, message):
    with pytest.raises(CommandError, match=message):
        parse_workspaces([word])


@pytest.mark.parametrize(
    ("text", "message"), [("[", "cannot be read"), ("- a", "no single mapping"), ("", "no single")]
)
def test_a_template_file_that_is_none(tmp_path, text, message):
    (tmp_path / "t.yaml").write_text(text)
    with pytest.raises(CommandError, match=message):
        parse_workspaces([f"name=w,volumeClaimTemplateFile={tmp_path}/t.yaml"])
