"""Argo CD's own tables about sources: globs, versions, value files, kustomize options, paths.

Each test of the tables is either answered here or listed with the reason why it is none of ours.
"""

from __future__ import annotations

import posixpath
import shutil

import pytest
from holkas.gitops.glob import GlobError, compile_glob, matches
from holkas.gitops.repository_url import is_of_web_page, normalize_oci, sanitized
from holkas_compat.argocd.applicationset.globs import match_old, match_tree
from holkas_compat.argocd.rendering.application import generate_path
from holkas_compat.argocd.rendering.environment import BuildEnvironment
from holkas_compat.argocd.rendering.failure import RenderFailure
from holkas_compat.argocd.rendering.helm.values import is_glob
from holkas_compat.argocd.rendering.inputs import TreeReader
from holkas_compat.argocd.rendering.references import reference_of, resolve
from holkas_compat.argocd.rendering.semver import chosen

from tests.rendering_projects import Project, repository
from tests.shared import rows

pytestmark = pytest.mark.conformance

TABLES = ("table_kustomize_helm", "table_reposerver", "table_other")

NOT_OURS = {
    "TestRegistryLogin": "the words of helm's command line; we speak to registries ourselves",
    "TestPullOCI": "the words of helm's command line",
    "TestDependencyBuild": "the words of helm's command line",
    "TestDependencyBuild_PlainHTTPFromDependencyRepo": "the words of helm's command line",
    "TestManifestGenErrorCacheByNumRequests": "a server's cache of failures; a failure is never cached here",
    "TestManifestGenErrorCacheByMinutesElapsed": "a server's cache of failures",
    "TestIsShortRef": "how a fetch spells its refspec; every ref is resolved by git itself here",
}
OURS = {
    "TestKustomizeBuildForceCommonLabels", "TestKustomizeBuildForceCommonAnnotations",
    "TestKustomizeLabelWithoutSelector",
    "Test_GenerateManifests_NoOutOfBoundsAccess", "TestFindResources",
    "Test_getPotentiallyValidManifestFile_disableExtensionFilter", "Test_getResolvedValueFiles", "Test_isGlobPath",
    "Test_getReferencedSource", "TestGetCommonRootPath", "Test_Match", "Test_MatchWithError", "TestNormalizeOCI",
    "Test_GetWebURLRegex", "Test_SemverTags", "Test_SemverTagsWithPrefix", "TestSanitizeRepoURL",
    "TestLsFilesForGitFileGeneratorGlobbingPatterns",
}  # fmt: skip


def cases(*tests):
    return [
        pytest.param(row["case"], id=f"{row['test']}-{row['index']}")
        for table in TABLES
        for row in rows("argocd", f"{table}.jsonl")
        if row["test"] in tests
    ]


def test_every_table_is_answered_or_none_of_ours():
    found = {row["test"] for table in TABLES for row in rows("argocd", f"{table}.jsonl")}
    assert found == OURS | set(NOT_OURS)


@pytest.mark.parametrize("case", cases("Test_Match", "Test_MatchWithError"))
def test_globs(case):
    error = case.get("expectedErr", "")
    assert matches(case["pattern"], case["input"]) is case["result"]
    if error:
        with pytest.raises(GlobError, match=error):
            compile_glob(case["pattern"])


LISTED = "TestLsFilesForGitFileGeneratorGlobbingPatterns"
TREE = {
    path
    for row in rows("argocd", "table_other.jsonl")
    if row["test"] == LISTED
    for path in row["case"]["expected"]
}


@pytest.mark.parametrize("case", cases(LISTED))
def test_globs_of_a_file_generator(case):
    """The files that any row expects are in the repository that all of them are about."""
    fits = match_tree if case["isNewGlobbingEnabled"] else match_old
    assert {path for path in TREE if fits(case["pattern"], path)} == set(case["expected"])


@pytest.mark.parametrize("case", cases("Test_isGlobPath"))
def test_globs_of_value_files(case):
    assert is_glob(case["path"]) is case.get("expected", False)


@pytest.mark.parametrize("case", cases("Test_SemverTags", "Test_SemverTagsWithPrefix"))
def test_versions(case):
    tags = ["v1.0.0", "v1.0.1", "v2.0.0", "2024-apple", "2024-banana", "0.9.0", "unrelated"]
    if not case.get("error"):
        tags += [case.get("expected", "")]
    found = chosen(case["ref"], tags, prefix=case.get("tagPrefix", ""))
    assert (found is None) is bool(case.get("error"))


@pytest.mark.parametrize("case", cases("TestNormalizeOCI"))
def test_names_of_registries(case):
    assert normalize_oci(case["url"]) == case["expected"]


@pytest.mark.parametrize("case", cases("Test_GetWebURLRegex"))
def test_web_pages(case):
    assert is_of_web_page(case["repo"], case["webURL"]) is case["shouldMatch"]


@pytest.mark.parametrize("case", cases("TestSanitizeRepoURL"))
def test_urls_that_may_be_shown(case):
    assert sanitized(case["in"]) == case["want"]


@pytest.mark.parametrize("case", cases("TestGetCommonRootPath"))
def test_paths_of_the_annotation(case):
    parts = case["appPath"].split("/")
    root, base = "/".join(parts[:4]), "/".join(parts[4:])
    found = [base, *(generate_path(base, one) for one in case["annotation"].split(";") if one)]
    common = posixpath.commonpath(found)
    assert posixpath.join(root, common).rstrip("/") == case["expectedRootPath"]


@pytest.mark.parametrize("case", cases("Test_getReferencedSource"))
def test_referenced_sources(case):
    found = reference_of(case["rawValueFile"], case["refSources"])
    assert case["refSources"].get(found) == case["expected"]


@pytest.mark.parametrize("case", cases("Test_getResolvedValueFiles"))
def test_value_files(case, tmp_path):
    from holkas_builtin.sources.directory_tree import DirectoryTree

    reader = TreeReader(DirectoryTree(tmp_path))
    references = dict.fromkeys(case["refSources"], reader)

    def resolved():
        return resolve(
            case["rawPath"], "main", reader, references, BuildEnvironment(case["env"]), "value file"
        ).path

    if case.get("expectedErr"):
        with pytest.raises(RenderFailure):
            resolved()
    else:
        assert case["expectedPath"].endswith(resolved())


NGINX = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n"


@pytest.mark.parametrize("case", cases("TestFindResources"))
def test_directories(case, tmp_path):
    files = {
        "app/deploy.yaml": NGINX.format(name="nginx-deployment"),
        "app/subdir/deploy.yaml": NGINX.format(name="nginx-deployment-sub"),
    }
    directory = {"recurse": True, "include": case.get("include", ""), "exclude": case.get("exclude", "")}
    project = Project(repository(tmp_path / "p", files), tmp_path / "s")
    found = project.manifests({"path": "app", "directory": directory})
    assert [one["metadata"]["name"] for one in found] == case["expectedNames"]


@pytest.mark.parametrize("case", cases("Test_getPotentiallyValidManifestFile_disableExtensionFilter"))
def test_other_file_names(case, tmp_path):
    options = {"include": case.get("include", ""), "exclude": case.get("exclude", "")}
    options["disableExtensionFilter"] = case.get("disableExtensionFilter", False)
    files = {f"app/{case['fileName']}": NGINX.format(name="one"), "app/.keep": ""}
    project = Project(repository(tmp_path / "p", files), tmp_path / "s")
    rendered = project.one({"path": "app", "directory": options})
    assert bool(rendered.names) is case["expectValid"]


@pytest.mark.parametrize("case", cases("Test_GenerateManifests_NoOutOfBoundsAccess"))
def test_links_out_of_the_repository(case, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text(case["outOfBoundsFileContents"])
    root = tmp_path / "p"
    (root / "app").mkdir(parents=True)
    (root / "app" / case["outOfBoundsFilename"]).symlink_to(outside)
    code, message = Project(repository(root, {}), tmp_path / "s").failure({"path": "app"})
    assert code == "R140"
    assert case["outOfBoundsFileContents"] not in message.replace(case["outOfBoundsFilename"], "")


FORCE = {
    "k/kustomization.yaml": "resources: [d.yaml]\ncommonLabels: {foo: bar}\ncommonAnnotations: {one: two, baz: quux}\n",
    "k/d.yaml": NGINX.format(name="nginx") + "  labels: {app: nginx}\n",
}
WITHOUT_SELECTOR = {
    "k/kustomization.yaml": "resources: [d.yaml]\n",
    "k/d.yaml": NGINX.format(name="nginx")
    + "  labels: {app: nginx, managed-by: helm}\n"
    + "spec: {selector: {matchLabels: {app: nginx}}, template: {metadata: {labels: {app: nginx}}}}\n",
}


def built(case, files, tmp_path):
    if not shutil.which("kubectl") and not shutil.which("kustomize"):
        pytest.skip("needs kustomize or kubectl")
    project = Project(repository(tmp_path / "p", files), tmp_path / "s")
    name = {entry["name"]: entry["value"] for entry in case["Env"]}["ARGOCD_APP_NAME"]
    from tests.rendering_projects import application

    manifest = application(name, {"path": "k", "kustomize": case["KustomizeSource"]})
    return project.render(manifest)[0]


@pytest.mark.parametrize(
    "case", cases("TestKustomizeBuildForceCommonLabels", "TestKustomizeBuildForceCommonAnnotations")
)
def test_common_labels_and_annotations(case, tmp_path):
    rendered = built(case, FORCE, tmp_path)
    assert rendered.failed is case.get("ExpectErr", False)
    for resource in rendered.resources():
        metadata = resource.manifest["metadata"]
        metadata["annotations"].pop("argocd.argoproj.io/tracking-id")
        if "ExpectedLabels" in case:
            assert metadata["labels"] == case["ExpectedLabels"]
        if "ExpectedAnnotations" in case:
            assert metadata["annotations"] == case["ExpectedAnnotations"]


@pytest.mark.parametrize("case", cases("TestKustomizeLabelWithoutSelector"))
def test_labels_without_selectors(case, tmp_path):
    manifest = built(case, WITHOUT_SELECTOR, tmp_path).resources()[0].manifest
    assert manifest["metadata"]["labels"] == case["ExpectedMetadataLabels"]
    assert manifest["spec"]["selector"]["matchLabels"] == case["ExpectedSelectorLabels"]
    assert manifest["spec"]["template"]["metadata"]["labels"] == case["ExpectedTemplateLabels"]
