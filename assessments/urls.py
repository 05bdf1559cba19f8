"""Pages that show both what a report asks for and what people judged."""

from django.urls import path

from assessments.views import (
    closing,
    comparison,
    console,
    desk,
    drafting,
    evidence,
    measures,
    option_matrix,
    options,
    participants,
    prospects,
    reports,
    rounds,
    sources,
    versions,
    workshops,
)
from assessments.views import map as map_views
from recommendations import converters  # noqa: F401  importing registers <code:…>

app_name = "assessments"
urlpatterns = [
    path("", reports.home, name="home"),
    path("reports/<slug:report>/", reports.checklist, name="checklist"),
    path("reports/<slug:report>/map/", map_views.report_map, name="map"),
    path("reports/<slug:report>/changes/", reports.changes, name="changes"),
    path("reports/<slug:report>/unlocks/", prospects.unlocks, name="unlocks"),
    path("reports/<slug:report>/scenarios/", prospects.scenarios, name="scenarios"),
    path("reports/<slug:report>/what-if/", reports.what_if, name="what-if"),
    path("reports/<slug:report>/evidence/", evidence.evidence, name="evidence"),
    path("reports/<slug:report>/evidence/contradictions/", evidence.contradictions, name="contradictions"),
    path("reports/<slug:report>/criteria/", desk.criteria, name="criteria"),
    path("reports/<slug:report>/compare/", comparison.compare, name="compare"),
    path("reports/<slug:report>/compare/measures/", option_matrix.measures, name="compare-measures"),
    path("reports/<slug:report>/compare/brief/", comparison.compare_brief, name="compare-brief"),
    path("reports/<slug:report>/compare/scenarios/", option_matrix.scenarios, name="compare-scenarios"),
    path("reports/<slug:report>/options/", options.options, name="options"),
    path("reports/<slug:report>/new-option/", drafting.new_option, name="new-option"),
    path("reports/<slug:report>/options/<code:code>/", options.option, name="option"),
    path("reports/<slug:report>/options/<code:code>/edit/", drafting.edit_option, name="edit-option"),
    path("reports/<slug:report>/options/<code:code>/clone/", versions.clone_option, name="clone-option"),
    path("reports/<slug:report>/options/<code:code>/revise/", versions.revise_option, name="revise-option"),
    path("reports/<slug:report>/options/<code:code>/share/", versions.share_option, name="share-option"),
    path(
        "reports/<slug:report>/options/<code:code>/publish/", versions.publish_option, name="publish-option"
    ),
    path(
        "reports/<slug:report>/options/<code:code>/withdraw/",
        versions.withdraw_option,
        name="withdraw-option",
    ),
    path("reports/<slug:report>/options/<code:code>/delete/", versions.delete_option, name="delete-option"),
    path("reports/<slug:report>/desk/", desk.desk, name="desk"),
    path("reports/<slug:report>/desk/weights/", desk.weigh, name="weights"),
    path("reports/<slug:report>/desk/status/", desk.share_desk, name="share-desk"),
    path("reports/<slug:report>/desk/by/<number:author>/", desk.desk_assessment, name="desk-assessment"),
    path("reports/<slug:report>/desk/grid/", desk.score_grid, name="score-grid"),
    path("reports/<slug:report>/desk/options/<code:code>/", desk.score_option, name="score-option"),
    path("workshops/<number:number>/close/", closing.close, name="close-workshop"),
    path("join/", participants.join, name="join"),
    path("workshop/", participants.ballot, name="ballot"),
    path("workshop/exit/", participants.quick_exit, name="quick-exit"),
    path("workshops/", workshops.workshops, name="workshops"),
    path("workshops/new/", workshops.new_workshop, name="new-workshop"),
    path("workshops/<number:number>/", console.console, name="workshop"),
    path("workshops/<number:number>/rules/", workshops.workshop_rules, name="workshop-rules"),
    path("workshops/<number:number>/projector/", console.projector, name="projector"),
    path("workshops/<number:number>/step/", console.take_step, name="workshop-step"),
    path("workshops/<number:number>/clone/", workshops.clone_workshop, name="clone-workshop"),
    path("workshops/<number:number>/rounds/<number:round>/", rounds.round_results, name="round"),
    path("workshops/<number:number>/log/", workshops.workshop_log, name="workshop-log"),
    path("sources/<slug:slug>/", sources.source, name="source"),
    path("reports/<slug:report>/measures/<code:code>/", measures.measure, name="measure"),
    path(
        "reports/<slug:report>/measures/<code:code>/progress/",
        measures.record_progress,
        name="record-progress",
    ),
    path(
        "reports/<slug:report>/measures/<code:code>/progress/<str:key>/correction/",
        measures.correct_progress,
        name="correct-progress",
    ),
]
