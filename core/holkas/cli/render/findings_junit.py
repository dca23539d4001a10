"""Findings as JUnit's XML, which build servers show as test results."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from holkas.cli.render.findings import Located, render_item
from holkas.cli.render.printable import printable
from holkas.model.finding import Severity


def as_junit(items: Sequence[Located], files: Sequence[str], fatal: Collection[Severity]) -> str:
    """One test suite a file, one test case a finding; a file without findings is one case that passes.

    fatal: classes that make the command fail are failures; others pass and have their text as output.
    """
    from xml.etree import ElementTree  # only written, never read

    root = ElementTree.Element("testsuites", name="holkas lint")
    by_file: dict[str, list[Located]] = {name: [] for name in files}
    for item in items:
        by_file.setdefault(item.finding.place.source, []).append(item)
    failures = 0
    for name, several in by_file.items():
        failed = sum(item.finding.severity in fatal for item in several)
        failures += failed
        counts: dict[str, str] = {
            "tests": str(max(1, len(several))),
            "failures": str(failed),
            "errors": "0",
            "skipped": "0",
        }
        suite = ElementTree.SubElement(root, "testsuite", {"name": printable(name), **counts})
        if not several:
            ElementTree.SubElement(suite, "testcase", classname=printable(name), name="no findings")
        for item in several:
            finding, position = item.finding, item.position
            at = f"{position.line}:{position.column} " if position is not None else ""
            title = f"{at}{finding.code} {printable(finding.message)}"
            case = ElementTree.SubElement(suite, "testcase", classname=printable(name), name=title)
            kind = finding.severity.value
            if finding.severity in fatal:
                told = ElementTree.SubElement(case, "failure", message=printable(finding.message), type=kind)
            else:
                told = ElementTree.SubElement(case, "system-out")
            told.text = render_item(item)
    root.set("tests", str(sum(max(1, len(several)) for several in by_file.values())))
    root.set("failures", str(failures))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)
