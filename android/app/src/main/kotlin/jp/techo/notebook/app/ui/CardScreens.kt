package jp.techo.notebook.app.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.font.FontWeight
import jp.techo.core.CardSheet
import jp.techo.core.CardState
import jp.techo.core.CardWord
import jp.techo.core.FieldTrouble
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.screens.Card
import jp.techo.notebook.presentation.screens.LockedCards
import jp.techo.notebook.presentation.screens.Pen

/** What can be tapped on the emergency card. */
class CardActs(
    val edit: () -> Unit,
    val type: (String, String) -> Unit,
    val fromRecords: (String, Boolean) -> Unit,
    val pen: (Pen) -> Unit,
    val answer: (FieldTrouble, Boolean) -> Unit,
    val write: () -> Unit,
    val set: (CardState) -> Unit,
    val sharePicture: () -> Unit,
    val savePicture: () -> Unit,
    val print: () -> Unit,
    val sharePage: () -> Unit,
)

/** The emergency and disaster card: how it looks, who can read it, and the ways out. */
@Composable
fun CardScreen(
    shown: Shown<Card>,
    frame: Frame,
    acts: CardActs,
    hides: Boolean,
) = Hiding(hides) { isCovered, turn ->
    val state = shown.content
    val typed = state.typed
    if (typed != null) return@Hiding Words(shown, typed, frame, acts)
    Page(stringResource(R.string.card_title), shown, frame, actions = { Eye(hides, isCovered, turn) }) {
        val sheet = state.sheet
        if (sheet == null) {
            if (state.isRead) item { Body(stringResource(R.string.card_none)) }
        } else {
            item { OnCard(sheet) }
        }
        if (state.isRead && state.canWrite) {
            val words = if (sheet == null) R.string.card_begin else R.string.card_edit
            item { if (sheet == null) Main(stringResource(words), act = acts.edit) else Other(stringResource(words), act = acts.edit) }
        }
        if (sheet == null) return@Page
        if (state.canWrite) readers(state, !shown.isBusy, acts.set)
        item { Heading(stringResource(R.string.card_carry)) }
        item { Note(stringResource(R.string.card_carry_note)) }
        item {
            Column {
                MenuRow(stringResource(R.string.card_picture_save), R.drawable.ic_file, act = acts.savePicture)
                MenuRow(stringResource(R.string.card_picture_share), R.drawable.ic_export, act = acts.sharePicture)
                MenuRow(stringResource(R.string.card_print), R.drawable.ic_notebook, act = acts.print)
                MenuRow(stringResource(R.string.card_page_share), R.drawable.ic_export, act = acts.sharePage)
            }
        }
    }
}

/** Who can read the card on this phone. */
private fun LazyListScope.readers(
    state: Card,
    isFree: Boolean,
    set: (CardState) -> Unit,
) {
    item { Heading(stringResource(R.string.card_who)) }
    item {
        Column(Modifier.selectableGroup()) {
            OneOf(stringResource(R.string.card_off), state.state == CardState.OFF, enabled = isFree) { set(CardState.OFF) }
            OneOf(stringResource(R.string.card_after), state.state == CardState.AFTER_UNLOCK, enabled = isFree) {
                set(CardState.AFTER_UNLOCK)
            }
            OneOf(
                stringResource(R.string.card_without),
                state.state == CardState.WITHOUT_UNLOCKING,
                stringResource(if (state.canSeal) R.string.card_without_note else R.string.card_without_sample),
                isFree && state.canSeal,
            ) { set(CardState.WITHOUT_UNLOCKING) }
        }
    }
    if (state.state == CardState.WITHOUT_UNLOCKING && !state.isSealed) {
        item {
            Attention {
                Text(stringResource(R.string.card_not_there))
                Other(stringResource(R.string.card_lay_again), isFree) { set(CardState.WITHOUT_UNLOCKING) }
            }
        }
    }
}

/** The card as it is. */
@Composable
private fun OnCard(sheet: CardSheet) =
    Sheet {
        Text(sheet.name, style = MaterialTheme.typography.titleLarge, fontWeight = FontWeight.SemiBold)
        sheet.kana?.let { Note(it) }
        Body("${sheet.born}　${sheet.sex}")
        sheet.rows.forEach { row ->
            Heading(row.label)
            HiddenValue { Column { row.lines.forEach { Body(it) } } }
        }
        Note(stringResource(R.string.card_made, sheet.madeOn))
        sheet.notes.forEach { Note(it) }
    }

/** Writing the words. */
@Composable
private fun Words(
    shown: Shown<Card>,
    typed: List<CardWord>,
    frame: Frame,
    acts: CardActs,
) {
    val state = shown.content
    Page(
        stringResource(R.string.card_title),
        shown,
        frame,
        bottom = { Main(stringResource(R.string.card_write), state.isReady && !shown.isBusy, acts.write) },
    ) {
        item { Note(stringResource(R.string.card_words_note)) }
        items(typed.size, { typed[it].field }) { at ->
            val word = typed[at]
            val trouble = state.troubles.find { it.field == word.field && !it.isQuestion }
            Word(word, trouble?.text, acts)
        }
        questions(state.troubles, typed.map { it.field }.toSet(), state.pen, acts.answer)
        pen(state.pen, asksReason = false, acts.pen)
    }
}

@Composable
private fun Word(
    word: CardWord,
    trouble: String?,
    acts: CardActs,
) = Column {
    if (word.hasRecords) {
        Heading(word.label)
        OnOff(stringResource(R.string.card_from_records), word.fromRecords, stringResource(R.string.card_from_records_note)) {
            acts.fromRecords(word.field, it)
        }
    }
    if (!word.fromRecords) {
        OutlinedTextField(
            word.text,
            { acts.type(word.field, it) },
            Modifier.fillMaxWidth(),
            label = { Text(word.label) },
            supportingText = trouble?.let { { Text(it) } },
            isError = trouble != null,
        )
    }
}

/** The cards that anybody can read who holds the phone. */
@Composable
fun LockedCardsScreen(
    shown: Shown<LockedCards>,
    frame: Frame,
) = Contrast {
    val state = shown.content
    Page(stringResource(R.string.card_title), shown, frame) {
        if (state.isRead && state.sheets.isEmpty()) item { Body(stringResource(R.string.card_unreadable)) }
        items(state.sheets.size) { OnCard(state.sheets[it]) }
    }
}
