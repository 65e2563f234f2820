package jp.techo.notebook.app.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.unit.dp
import jp.techo.core.ExportFormat
import jp.techo.core.LegalKind
import jp.techo.core.Setting
import jp.techo.core.SlotKind
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.screens.Backup
import jp.techo.notebook.presentation.screens.Check
import jp.techo.notebook.presentation.screens.Consents
import jp.techo.notebook.presentation.screens.Erase
import jp.techo.notebook.presentation.screens.Export
import jp.techo.notebook.presentation.screens.Keys
import jp.techo.notebook.presentation.screens.Kit
import jp.techo.notebook.presentation.screens.Ledger
import jp.techo.notebook.presentation.screens.Legal
import jp.techo.notebook.presentation.screens.Settings
import jp.techo.notebook.presentation.screens.Withdraw

/** What can be tapped while something is taken out. */
class ExportActs(
    val format: (ExportFormat) -> Unit,
    val person: (String?) -> Unit,
    val save: (String?) -> Unit,
    val share: (String?) -> Unit,
)

/** Taking records out. */
@Composable
fun ExportScreen(
    shown: Shown<Export>,
    frame: Frame,
    acts: ExportActs,
) {
    val state = shown.content
    var passphrase by remember { mutableStateOf("") }
    val secret = passphrase.takeIf { state.format == ExportFormat.TECHO }
    Page(
        stringResource(R.string.export_title),
        shown,
        frame,
        bottom = {
            Main(stringResource(R.string.export_save), !shown.isBusy) { acts.save(secret) }
            Other(stringResource(R.string.export_share), !shown.isBusy) { acts.share(secret) }
        },
    ) {
        state.done?.let { done -> item { Attention { Text(done) } } }
        item { Heading(stringResource(R.string.export_form)) }
        items(ExportFormat.entries.size) { at ->
            val format = ExportFormat.entries[at]
            OneOf(stringResource(format.id()), state.format == format) { acts.format(format) }
        }
        item { Heading(stringResource(R.string.export_whose)) }
        item {
            Column {
                OneOf(stringResource(R.string.everybody), state.person == null) { acts.person(null) }
                state.people.forEach { person -> OneOf(person.name, state.person == person.id) { acts.person(person.id) } }
            }
        }
        if (state.format == ExportFormat.TECHO) {
            item {
                SecretField(passphrase, R.string.backup_passphrase, stringResource(R.string.export_passphrase_note)) { passphrase = it }
            }
        } else {
            item { Attention { Text(stringResource(R.string.export_open)) } }
        }
    }
}

/** Making a backup. */
@Composable
fun BackupScreen(
    shown: Shown<Backup>,
    frame: Frame,
    save: (String) -> Unit,
) {
    var passphrase by remember { mutableStateOf("") }
    var again by remember { mutableStateOf("") }
    Page(stringResource(R.string.backup_title), shown, frame) {
        val done = shown.content.done
        if (done != null) {
            item { Attention { Text(done.text) } }
            items(done.people.size) { at ->
                Body(stringResource(R.string.backup_person, done.people[at].name, done.people[at].records.toLong()))
            }
        }
        item { Body(stringResource(R.string.backup_text)) }
        item {
            Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
                SecretField(passphrase, R.string.backup_passphrase, stringResource(R.string.passphrase_note)) { passphrase = it }
                SecretField(again, R.string.passphrase_again, isWrong = again.isNotEmpty() && again != passphrase) { again = it }
                Main(stringResource(R.string.backup_go), passphrase.isNotEmpty() && passphrase == again && !shown.isBusy) {
                    save(passphrase)
                }
            }
        }
    }
}

/** What will go, and that it went. */
@Composable
fun EraseScreen(
    shown: Shown<Erase>,
    frame: Frame,
    sure: (Boolean) -> Unit,
    erase: () -> Unit,
) = Page(stringResource(R.string.erase_title), shown, frame) {
    val state = shown.content
    val done = state.done
    if (done != null) {
        item { Body(done.text) }
        item { Main(stringResource(R.string.finish)) { frame.back?.invoke() } }
    } else {
        state.text?.let { text ->
            item { Body(text, strong = true) }
            item { Note(stringResource(R.string.erase_note)) }
            item { Tick(stringResource(R.string.erase_sure), state.isSure, set = sure) }
            item { Main(stringResource(R.string.erase_go), state.isSure && !shown.isBusy, erase) }
            item { Other(stringResource(R.string.leave_it)) { frame.back?.invoke() } }
        }
    }
}

/** What happened to the notebook. */
@Composable
fun LedgerScreen(
    shown: Shown<Ledger>,
    frame: Frame,
    more: () -> Unit,
) = Page(stringResource(R.string.ledger_title), shown, frame) {
    val state = shown.content
    items(state.lines.size) { at ->
        Sheet {
            Note(state.lines[at].atText)
            Body(state.lines[at].text)
        }
    }
    if (state.next != null) item { Other(stringResource(R.string.more), !shown.isBusy, more) }
}

/** What was consented to. */
@Composable
fun ConsentsScreen(
    shown: Shown<Consents>,
    frame: Frame,
    withdraw: (String) -> Unit,
) = Page(stringResource(R.string.consents_title), shown, frame) {
    val state = shown.content
    if (state.isRead && state.lines.isEmpty()) item { Body(stringResource(R.string.consents_none)) }
    items(state.lines.size) { at ->
        val line = state.lines[at]
        Sheet {
            Note(line.askedText)
            line.personName?.let { Body(it, strong = true) }
            Body(line.itemsText)
            Tag(line.standingText)
            if (line.canWithdraw) Other(stringResource(R.string.withdraw_go)) { withdraw(line.id) }
        }
    }
}

/** What a withdrawal does, and did. */
@Composable
fun WithdrawScreen(
    shown: Shown<Withdraw>,
    frame: Frame,
    erases: (Boolean) -> Unit,
    withdraw: () -> Unit,
) = Page(stringResource(R.string.withdraw_title), shown, frame) {
    val state = shown.content
    val done = state.done
    if (done != null) {
        items(done.size) { Body(done[it]) }
        item { Main(stringResource(R.string.finish)) { frame.back?.invoke() } }
    } else {
        items(state.lines.size) { Body(state.lines[it]) }
        item { Tick(stringResource(R.string.withdraw_erase), state.erases, set = erases) }
        item { Main(stringResource(R.string.withdraw_go), !shown.isBusy && state.lines.isNotEmpty(), withdraw) }
        item { Other(stringResource(R.string.leave_it)) { frame.back?.invoke() } }
    }
}

/** What can be tapped in the settings. */
class SettingsActs(
    val set: (Setting, Boolean) -> Unit,
    val lockAfter: (UInt) -> Unit,
    val go: (Screen) -> Unit,
)

private val MINUTES = listOf(1u, 5u, 15u)

/** The person's choices. */
@Composable
fun SettingsScreen(
    shown: Shown<Settings>,
    frame: Frame,
    acts: SettingsActs,
    isSample: Boolean,
) = Page(stringResource(R.string.settings_title), shown, frame) {
    val settings = shown.content.settings
    if (settings != null) {
        item { Heading(stringResource(R.string.settings_looks)) }
        item {
            OnOff(stringResource(R.string.set_hide), settings.hideValues, stringResource(R.string.set_hide_note)) {
                acts.set(Setting.HIDE_VALUES, it)
            }
        }
        item {
            OnOff(stringResource(R.string.set_screen), settings.secureScreen, stringResource(R.string.set_screen_note)) {
                acts.set(Setting.SECURE_SCREEN, it)
            }
        }
        item { Heading(stringResource(R.string.settings_lock)) }
        item {
            OnOff(stringResource(R.string.set_presence), settings.reauthenticate, stringResource(R.string.set_presence_note)) {
                acts.set(Setting.REAUTHENTICATE, it)
            }
        }
        item { Note(stringResource(R.string.set_lock_after)) }
        item {
            Column {
                MINUTES.forEach { minutes ->
                    val words = pluralStringResource(R.plurals.minutes, minutes.toInt(), minutes.toInt())
                    OneOf(words, settings.lockAfterMinutes == minutes) { acts.lockAfter(minutes) }
                }
            }
        }
        if (!isSample) item { MenuRow(stringResource(R.string.keys_title), R.drawable.ic_lock) { acts.go(Screen.Keys) } }
        item { MenuRow(stringResource(R.string.check_title), R.drawable.ic_check) { acts.go(Screen.Check) } }
        item { Heading(stringResource(R.string.settings_notices)) }
        item {
            OnOff(stringResource(R.string.set_notices), settings.notifications, stringResource(R.string.set_notices_note)) {
                acts.set(Setting.NOTIFICATIONS, it)
            }
        }
        item { Heading(stringResource(R.string.settings_legal)) }
        items(LegalKind.entries.size) { at ->
            val kind = LegalKind.entries[at]
            val agreed = settings.agreed.lastOrNull { it.kind == kind }
            MenuRow(stringResource(kind.id()), note = agreed?.text) {
                acts.go(Screen.Legal(kind))
            }
        }
    }
}

/** What opens the notebook. */
@Composable
fun KeysScreen(
    shown: Shown<Keys>,
    frame: Frame,
    setPassphrase: (String) -> Unit,
    useDevice: () -> Unit,
    remove: (SlotKind) -> Unit,
    kit: () -> Unit,
) {
    val state = shown.content
    var passphrase by remember { mutableStateOf("") }
    Page(stringResource(R.string.keys_title), shown, frame) {
        item { Body(stringResource(R.string.keys_text)) }
        items(state.slots.size) { at ->
            Sheet {
                Body(stringResource(state.slots[at].id()), strong = true)
                // The last key stays: without one nobody could open the notebook again.
                if (state.slots.size > 1) Other(stringResource(R.string.keys_remove), !shown.isBusy) { remove(state.slots[at]) }
            }
        }
        item { Heading(stringResource(R.string.keys_new)) }
        if (state.canUseDevice &&
            SlotKind.DEVICE !in state.slots
        ) {
            item { Other(stringResource(R.string.keys_device), !shown.isBusy, useDevice) }
        }
        item { SecretField(passphrase, R.string.passphrase_new) { passphrase = it } }
        item {
            Other(stringResource(R.string.keys_passphrase), passphrase.isNotEmpty() && !shown.isBusy) {
                setPassphrase(passphrase)
                passphrase = ""
            }
        }
        item { Other(stringResource(R.string.kit_make), !shown.isBusy, kit) }
    }
}

/** The recovery kit: made, shown once, printed. */
@Composable
fun KitScreen(
    shown: Shown<Kit>,
    frame: Frame,
    make: () -> Unit,
    print: () -> Unit,
) = Page(stringResource(R.string.kit_title), shown, frame) {
    val kit = shown.content.kit
    if (kit == null) {
        item { Body(stringResource(R.string.kit_text)) }
        item { Main(stringResource(R.string.kit_make), !shown.isBusy, make) }
    } else {
        item { Heading(kit.title) }
        item { Code(kit.code) }
        items(kit.lines.size) { Body(kit.lines[it]) }
        item { Main(stringResource(R.string.kit_print), act = print) }
        item { Other(stringResource(R.string.finish)) { frame.back?.invoke() } }
    }
}

/** A code to be copied by hand: its groups stay whole, however large the letters are. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Code(code: String) =
    SelectionContainer(Modifier.semantics(mergeDescendants = true) {}) {
        FlowRow {
            val groups = code.split('-')
            groups.forEachIndexed { at, group ->
                Text(
                    if (at < groups.lastIndex) "$group-" else group,
                    style = MaterialTheme.typography.headlineSmall,
                    fontFamily = FontFamily.Monospace,
                    color = MaterialTheme.colorScheme.onBackground,
                    softWrap = false,
                )
            }
        }
    }

/** Whether the notebook is whole. */
@Composable
fun CheckScreen(
    shown: Shown<Check>,
    frame: Frame,
    verify: () -> Unit,
) = Page(stringResource(R.string.check_title), shown, frame) {
    item { Body(stringResource(R.string.check_text)) }
    item { Main(stringResource(R.string.check_go), !shown.isBusy, verify) }
    shown.content.result?.let { result ->
        item { Tag(stringResource(if (result.ok) R.string.check_ok else R.string.check_broken)) }
        items(result.problems.size) { Body(result.problems[it]) }
        items(result.people.size) { at ->
            Sheet {
                Body(result.people[at].name, strong = true)
                Note(stringResource(R.string.person_records, result.people[at].records.toLong()))
                Note(result.people[at].root)
            }
        }
    }
}

/** Privacy policy, terms or contact. */
@Composable
fun LegalScreen(
    shown: Shown<Legal>,
    frame: Frame,
    canAgree: Boolean,
    agree: () -> Unit,
) {
    val state = shown.content
    Page(state.text?.title.orEmpty(), shown, frame) {
        state.text?.let { text ->
            item { Note(text.versionText) }
            state.agreed?.let { item { Tag(it.text) } }
            items(text.paragraphs.size) { Body(text.paragraphs[it]) }
            if (canAgree && text.kind != LegalKind.CONTACT &&
                state.agreed?.isCurrent != true
            ) {
                item { Main(stringResource(R.string.agree), !shown.isBusy, agree) }
            }
        }
    }
}
