"""What is proven of a scope, plainly: how far, by whom, and what is not."""

from __future__ import annotations

import flet as ft

from client.services.office.audit_types import Finding, ScopeProof
from client.viewmodels.app import App
from client.viewmodels.reports.audit import AuditModel
from client.views.kit import banner, button, card, faint, heading, ident
from client.views.reports.entries import moment
from client.views.theme import BODY, GAP, SPACE, STRONG


def proof_card(app: App, model: AuditModel) -> ft.Control:
    """The check, and what it has found."""
    text = app.words
    act = button("audit-prove", text("log.prove"), model.prove, ft.Icons.VERIFIED_USER_OUTLINED,
                 kind=ft.FilledTonalButton, disabled=model.progress is not None)  # fmt: skip
    top = ft.Row([heading(text("log.proof")), act], wrap=True, spacing=GAP, run_spacing=SPACE,
                 vertical_alignment=ft.CrossAxisAlignment.CENTER,
                 alignment=ft.MainAxisAlignment.SPACE_BETWEEN)  # fmt: skip
    controls: list[ft.Control] = [top, faint(text("log.proof_hint"), BODY)]
    if model.progress is not None:
        said = text("log.proving", n=model.progress)
        bar = ft.ProgressBar(value=model.progress / 100, semantics_label=said)
        controls.append(ident("audit-proving", ft.Column([ft.Text(said), bar], spacing=4)))
    if model.proof is not None:
        controls += _result(app, model.proof)
    return card(
        ft.Column(controls, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    )


def _result(app: App, proof: ScopeProof) -> list[ft.Control]:
    text = app.words
    if any(each.grave for each in proof.findings):
        icon, said = ft.Icons.REPORT_OUTLINED, text("log.broken")
    elif proof.version is None:
        icon, said = ft.Icons.HELP_OUTLINE, text("log.unproven")
    else:
        icon = ft.Icons.VERIFIED_USER_OUTLINED
        signed = moment(app, proof.signed_at_ms or 0)
        said = text("log.proven", version=proof.version, time=signed)
    bad = any(each.grave for each in proof.findings)
    facts = text("log.proof_facts", held=proof.held, streams=proof.streams)
    return [
        banner("audit-proof", said, icon, bad=bad),
        faint(facts, BODY),
        *(_finding(app, each) for each in proof.findings),
        faint(text("log.times_told"), BODY),
    ]


def _finding(app: App, finding: Finding) -> ft.Control:
    text = app.words
    icon = ft.Icons.REPORT_OUTLINED if finding.grave else ft.Icons.INFO_OUTLINE
    color = ft.Colors.ERROR if finding.grave else ft.Colors.ON_SURFACE_VARIANT
    where = f" ({finding.first})" if finding.first else ""
    said = f"{text(f'log.found_{finding.code}', n=finding.count)}{where}"
    weight = STRONG if finding.grave else None
    words = ft.Text(said, expand=True, weight=weight)
    row = ft.Row([ft.Icon(icon, size=18, color=color), words], spacing=10,
                 vertical_alignment=ft.CrossAxisAlignment.START)  # fmt: skip
    return ft.Semantics(identifier=f"finding-{finding.code}", container=True, content=row)
