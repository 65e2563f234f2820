package jp.techo.notebook.app.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import jp.techo.core.ActsAs
import jp.techo.core.DraftDocument
import jp.techo.core.FetchState
import jp.techo.core.FetchStep
import jp.techo.core.RefusedLine
import jp.techo.core.TableReading
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Said
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.TroubleView
import jp.techo.notebook.presentation.screens.Fetch
import jp.techo.notebook.presentation.screens.Fetching
import jp.techo.notebook.presentation.screens.Import
import jp.techo.notebook.presentation.screens.Importing

/** What can be tapped while a file is taken in. */
class ImportActs(
    val pickFile: () -> Unit,
    val photograph: () -> Unit,
    val choosePicture: () -> Unit,
    val person: (String) -> Unit,
    val anyway: (Boolean) -> Unit,
    val digitsChecked: (Boolean) -> Unit,
    val file: (String?) -> Unit,
    val again: () -> Unit,
    val see: () -> Unit,
    val asDocument: (Boolean) -> Unit,
    val name: (String, String) -> Unit,
    val dayFirst: (Boolean) -> Unit,
    val confirmTable: () -> Unit,
)

/** Taking in a file or a picture. */
@Composable
fun ImportScreen(
    shown: Shown<Import>,
    frame: Frame,
    acts: ImportActs,
) {
    val state = shown.content
    var passphrase by remember { mutableStateOf("") }
    Page(
        stringResource(R.string.import_title),
        shown,
        frame,
        bottom = {
            val draft = state.stage as? Importing.Draft
            if (draft != null && (draft.view.canTake || draft.asDocument)) {
                val hasPassphrase = !draft.view.archiveNeedsPassphrase || passphrase.isNotEmpty()
                Main(stringResource(R.string.import_go), draft.isReady && hasPassphrase && !shown.isBusy) { acts.file(passphrase) }
            }
        },
    ) {
        if (state.isFirst && state.stage !is Importing.Done) item { Note(stringResource(R.string.first_step, 3)) }
        when (val stage = state.stage) {
            Importing.Picking -> picking(state, !shown.isBusy, acts)
            is Importing.Draft -> {
                draft(state, stage, acts)
                if (stage.view.archiveNeedsPassphrase) item { SecretField(passphrase, R.string.backup_passphrase) { passphrase = it } }
                item { Other(stringResource(R.string.import_other), !shown.isBusy, acts.again) }
            }
            is Importing.Done -> {
                item { Body(stage.done.text, strong = true) }
                items(stage.done.lines.size) { Body(stage.done.lines[it]) }
                refused(stage.done.refused)
                items(stage.done.waiting.size) { Note(stage.done.waiting[it]) }
                item { Main(stringResource(R.string.import_see), act = acts.see) }
                item { Other(stringResource(R.string.import_more), act = acts.again) }
            }
            is Importing.ArchiveIn -> {
                item { Body(stage.done.text, strong = true) }
                item { Main(stringResource(R.string.import_see), act = acts.see) }
            }
        }
    }
}

private fun LazyListScope.picking(
    state: Import,
    enabled: Boolean,
    acts: ImportActs,
) {
    item { Body(stringResource(R.string.import_text)) }
    item { Main(stringResource(R.string.import_file), enabled, acts.pickFile) }
    if (state.hasCamera) item { Other(stringResource(R.string.import_camera), enabled, acts.photograph) }
    item { Other(stringResource(R.string.import_picture), enabled, acts.choosePicture) }
    item { Note(stringResource(R.string.import_note)) }
}

private fun LazyListScope.draft(
    state: Import,
    stage: Importing.Draft,
    acts: ImportActs,
) {
    item { Body(stage.view.summary, strong = true) }
    item { Note(stringResource(R.string.import_not_yet)) }
    stage.view.table?.let { return table(it, stage, acts) }
    stage.view.trouble?.takeUnless { stage.view.canKeep }?.let { trouble ->
        item { TroubleCard(TroubleView(trouble.kind, Said.Core(trouble.what), Said.Core(trouble.todo)), null) }
    }
    items(stage.view.documents.size) { DocumentSheet(stage.view.documents[it]) }
    if (stage.view.canKeep) {
        item { Tick(stringResource(R.string.import_as_document), stage.asDocument, set = acts.asDocument) }
        if (stage.asDocument) item { DocumentFields(stage.title, stage.day, acts.name) }
    }
    if (!(stage.view.canTake || stage.asDocument) || stage.view.isArchive) return
    item { Heading(stringResource(R.string.import_whose)) }
    items(state.people.size) { at ->
        val person = state.people[at]
        OneOf(person.name, stage.person == person.id, "${person.bornText} ${person.sexText}") { acts.person(person.id) }
    }
    if (stage.needsAnyway && stage.person != null) item { Tick(stringResource(R.string.import_anyway), stage.anyway, set = acts.anyway) }
    if (stage.needsDigits) item { Tick(stringResource(R.string.import_digits), stage.digitsChecked, set = acts.digitsChecked) }
}

/** A table of measurements, as it would be read: the person confirms it first. */
private fun LazyListScope.table(
    table: TableReading,
    stage: Importing.Draft,
    acts: ImportActs,
) {
    item { Heading(stringResource(R.string.import_table)) }
    items(table.columns.size) { Body(stringResource(R.string.import_table_line, table.columns[it].heading, table.columns[it].meaning)) }
    items(table.rows.size) { at -> HiddenValue { Note(table.rows[at]) } }
    table.orderQuestion?.let { question ->
        item {
            Attention {
                Text(question)
                OneOf(stringResource(R.string.yes), stage.dayFirst == true) { acts.dayFirst(true) }
                OneOf(stringResource(R.string.no), stage.dayFirst == false) { acts.dayFirst(false) }
            }
        }
    }
    table.obstacle?.let { item { Attention { Text(it) } } }
    item { Main(stringResource(R.string.import_table_go), stage.canConfirm, acts.confirmTable) }
}

@Composable
private fun DocumentSheet(document: DraftDocument) =
    Sheet {
        Body(document.name, strong = true)
        document.formatName?.let { Note(it) }
        Body(document.personText)
        document.differs?.let { Tag(it) }
        document.source?.let { Note(it) }
        document.daysText?.let { Note(it) }
        document.kinds.forEach { Body(it) }
        if (document.alreadyHere) Tag(stringResource(R.string.import_known))
        document.waiting?.let { Note(it) }
        document.lines.forEach { Note(it) }
        document.question?.let { Body(it, strong = true) }
        document.refused.forEach { Note(stringResource(R.string.refused_line, it.place, it.reason)) }
        document.trouble?.let { TroubleCard(TroubleView(it.kind, Said.Core(it.what), Said.Core(it.todo)), null) }
    }

internal fun LazyListScope.refused(lines: List<RefusedLine>) {
    if (lines.isEmpty()) return
    item { Heading(stringResource(R.string.refused)) }
    items(lines.size) { Note(stringResource(R.string.refused_line, lines[it].place, lines[it].reason)) }
}

/** What can be tapped during a fetch. */
class FetchActs(
    val pickProfile: () -> Unit,
    val person: (String) -> Unit,
    val item: (String, Boolean) -> Unit,
    val actsAs: (ActsAs, String?) -> Unit,
    val period: (String, String) -> Unit,
    val ask: () -> Unit,
    val grant: (String, Boolean) -> Unit,
    val answer: () -> Unit,
    val resume: (String) -> Unit,
    val browse: () -> Unit,
    val lookAgain: () -> Unit,
    val decide: (Boolean) -> Unit,
    val cancel: () -> Unit,
    val again: () -> Unit,
    val see: () -> Unit,
)

/** Fetching from Mynaportal: the wish, the question item by item, and each step. */
@Composable
fun FetchScreen(
    shown: Shown<Fetch>,
    frame: Frame,
    acts: FetchActs,
) {
    val state = shown.content
    Page(
        stringResource(R.string.fetch_title),
        shown,
        frame,
        bottom = {
            when (val stage = state.stage) {
                is Fetching.Wishing ->
                    Main(stringResource(R.string.fetch_ask), stage.person != null && stage.items.isNotEmpty() && !shown.isBusy, acts.ask)
                is Fetching.Asking -> {
                    val words = if (stage.granted.isEmpty()) R.string.consent_decline else R.string.consent_answer
                    Main(stringResource(words), !shown.isBusy, acts.answer)
                }
                else -> Unit
            }
        },
    ) {
        if (state.isFirst && state.stage !is Fetching.Running) item { Note(stringResource(R.string.first_step, 3)) }
        when (val stage = state.stage) {
            Fetching.NoRelay -> {
                item { Attention { Text(stringResource(R.string.word_no_relay)) } }
                item { Body(stringResource(R.string.word_no_relay_todo)) }
                item { Main(stringResource(R.string.fetch_profile), !shown.isBusy, acts.pickProfile) }
            }
            is Fetching.Wishing -> wish(state, stage, acts)
            is Fetching.Asking -> question(stage, acts)
            is Fetching.Declined -> {
                item { Body(stage.text) }
                item { Main(stringResource(R.string.fetch_again), act = acts.again) }
            }
            is Fetching.Running -> steps(stage.state, acts)
        }
    }
}

private fun LazyListScope.wish(
    state: Fetch,
    stage: Fetching.Wishing,
    acts: FetchActs,
) {
    state.unfinished.forEach { fetch ->
        item {
            Attention {
                Text(fetch.text)
                Main(stringResource(R.string.fetch_continue)) { acts.resume(fetch.id) }
            }
        }
    }
    item { Body(stringResource(R.string.fetch_text)) }
    item { Heading(stringResource(R.string.fetch_whose)) }
    items(state.people.size) { at ->
        OneOf(state.people[at].name, stage.person == state.people[at].id) { acts.person(state.people[at].id) }
    }
    item { Heading(stringResource(R.string.fetch_what)) }
    items(state.items.size) { at ->
        val item = state.items[at]
        Tick(item.name, item.id in stage.items) { acts.item(item.id, it) }
    }
    item { Heading(stringResource(R.string.fetch_acts)) }
    item {
        Column {
            OneOf(stringResource(R.string.acts_oneself), stage.actsAs == ActsAs.ONESELF) { acts.actsAs(ActsAs.ONESELF, null) }
            OneOf(stringResource(R.string.acts_parent), stage.actsAs == ActsAs.PARENT) { acts.actsAs(ActsAs.PARENT, stage.actor) }
            OneOf(stringResource(R.string.acts_proxy), stage.actsAs == ActsAs.PROXY) { acts.actsAs(ActsAs.PROXY, stage.actor) }
        }
    }
    if (stage.actsAs != ActsAs.ONESELF) {
        item { Note(stringResource(R.string.fetch_actor)) }
        val others = state.people.filter { it.id != stage.person }
        items(others.size) { at -> OneOf(others[at].name, stage.actor == others[at].id) { acts.actsAs(stage.actsAs, others[at].id) } }
    }
    item { Heading(stringResource(R.string.fetch_period)) }
    item {
        Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
            Field(stage.from, R.string.fetch_from, stringResource(R.string.fetch_date_note)) { acts.period(it, stage.until) }
            Field(stage.until, R.string.fetch_until) { acts.period(stage.from, it) }
        }
    }
}

private fun LazyListScope.question(
    stage: Fetching.Asking,
    acts: FetchActs,
) {
    items(stage.view.lines.size) { Body(stage.view.lines[it]) }
    item { Heading(stringResource(R.string.consent_each)) }
    items(stage.view.items.size) { at ->
        val item = stage.view.items[at]
        Tick(item.name, item.id in stage.granted, item.period) { acts.grant(item.id, it) }
    }
    stage.surplus?.let { surplus -> item { Attention { Text(surplus) } } }
    item { Note(stage.view.card) }
}

private fun LazyListScope.steps(
    state: FetchState,
    acts: FetchActs,
) {
    val step = state.step
    if (step !is FetchStep.Done && step !is FetchStep.Ended) {
        state.roundText?.let { item { Note(it) } }
        item { Body(state.milestoneText, strong = true) }
    }
    when (step) {
        is FetchStep.Exchange -> item { Note(stringResource(R.string.busy)) }
        is FetchStep.Wait -> item { Body(step.text) }
        is FetchStep.Browse -> {
            item { Body(step.text) }
            item { Main(stringResource(R.string.fetch_browse), act = acts.browse) }
            item { Other(stringResource(R.string.fetch_look_again), act = acts.lookAgain) }
        }
        is FetchStep.Confirm -> {
            item { Attention { Text(step.text) } }
            item { Main(stringResource(R.string.yes)) { acts.decide(true) } }
            item { Other(stringResource(R.string.no)) { acts.decide(false) } }
        }
        is FetchStep.Done -> {
            item { Body(step.digest.sum, strong = true) }
            val parts =
                listOf(
                    R.string.digest_changed to step.digest.changed,
                    R.string.digest_cut to step.digest.cut,
                    R.string.refused to step.digest.refused,
                )
            parts.filter { it.second.isNotEmpty() }.forEach { (heading, lines) ->
                item { Heading(stringResource(heading)) }
                items(lines.size) { Body(lines[it]) }
            }
            step.digest.missing?.let { item { Attention { Text(it) } } }
            item { Main(stringResource(R.string.import_see), act = acts.see) }
        }
        is FetchStep.Ended -> {
            item { TroubleCard(TroubleView("ended", Said.Core(step.what), Said.Core(step.todo)), null) }
            item { Main(stringResource(R.string.fetch_again), act = acts.again) }
        }
    }
    if (step !is FetchStep.Done && step !is FetchStep.Ended) item { Link(stringResource(R.string.fetch_cancel), act = acts.cancel) }
}
