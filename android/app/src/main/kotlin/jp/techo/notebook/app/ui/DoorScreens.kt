package jp.techo.notebook.app.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import jp.techo.core.LegalKind
import jp.techo.core.SlotKind
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.platform.LibraryState
import jp.techo.notebook.presentation.screens.FirstStart
import jp.techo.notebook.presentation.screens.FirstWay
import jp.techo.notebook.presentation.screens.Keeping
import jp.techo.notebook.presentation.screens.PersonForm
import jp.techo.notebook.presentation.screens.Restore
import jp.techo.notebook.presentation.screens.Unlock

/** What can be tapped at the first start. */
class FirstStartActs(
    val choose: (FirstWay) -> Unit,
    val restore: () -> Unit,
    val read: (LegalKind) -> Unit,
    val fill: (PersonForm) -> Unit,
    val keepBy: (Keeping) -> Unit,
    val passphrase: (String, String) -> Unit,
    val begin: () -> Unit,
    val beginEmpty: () -> Unit,
)

/** The first start: what to begin with, then whose it is and how it is locked. */
@Composable
fun FirstStartScreen(
    shown: Shown<FirstStart>,
    frame: Frame,
    acts: FirstStartActs,
) {
    val state = shown.content
    if (state.way == null) {
        Page(stringResource(R.string.app_name), shown, Frame(null, frame.understood, frame.passphrase)) {
            item { Body(stringResource(R.string.first_welcome)) }
            item { Note(stringResource(R.string.first_step, 1)) }
            item { Heading(stringResource(R.string.first_choose)) }
            item { Way(R.string.first_file, R.string.first_file_note, R.drawable.ic_file) { acts.choose(FirstWay.FILE) } }
            item { Way(R.string.first_fetch, R.string.first_fetch_note, R.drawable.ic_fetch) { acts.choose(FirstWay.FETCH) } }
            item { Way(R.string.first_sample, R.string.first_sample_note, R.drawable.ic_people) { acts.choose(FirstWay.SAMPLE) } }
            item { Link(stringResource(R.string.first_restore), act = acts.restore) }
        }
    } else {
        Page(
            stringResource(R.string.first_whose),
            shown,
            frame,
            bottom = { Main(stringResource(R.string.first_begin), state.isComplete && !shown.isBusy, acts.begin) },
        ) {
            item { Note(stringResource(R.string.first_step, 2)) }
            item { PersonFields(state.form, fill = acts.fill) }
            item { Heading(stringResource(R.string.first_lock)) }
            item { LockChoice(state, acts) }
            item { Agreement(acts.read) }
            item { Link(stringResource(R.string.first_later), state.isLockable && !shown.isBusy, acts.beginEmpty) }
        }
    }
}

@Composable
private fun Way(
    text: Int,
    note: Int,
    picture: Int,
    act: () -> Unit,
) = Sheet(act) {
    Row(horizontalArrangement = Arrangement.spacedBy(16.dp)) {
        Ornament(picture)
        Column(Modifier.weight(1f)) {
            Body(stringResource(text), strong = true)
            Note(stringResource(note))
        }
    }
}

@Composable
private fun LockChoice(
    state: FirstStart,
    acts: FirstStartActs,
) = Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
    if (state.canUseDevice) {
        OneOf(stringResource(R.string.lock_device), state.keeping == Keeping.DEVICE, stringResource(R.string.lock_device_note)) {
            acts.keepBy(Keeping.DEVICE)
        }
        OneOf(stringResource(R.string.lock_passphrase), state.keeping == Keeping.PASSPHRASE) { acts.keepBy(Keeping.PASSPHRASE) }
    } else {
        Note(stringResource(R.string.lock_no_device))
    }
    if (state.keeping == Keeping.PASSPHRASE) {
        SecretField(state.passphrase, R.string.passphrase, stringResource(R.string.passphrase_note)) {
            acts.passphrase(it, state.passphraseAgain)
        }
        val differs = state.passphraseAgain.isNotEmpty() && state.passphraseAgain != state.passphrase
        SecretField(state.passphraseAgain, R.string.passphrase_again, isWrong = differs) { acts.passphrase(state.passphrase, it) }
    }
}

@Composable
private fun Agreement(read: (LegalKind) -> Unit) =
    Column {
        Note(stringResource(R.string.first_agree))
        Link(stringResource(R.string.legal_terms)) { read(LegalKind.TERMS) }
        Link(stringResource(R.string.legal_privacy)) { read(LegalKind.PRIVACY) }
    }

/** What can be tapped while the notebook is locked. */
class UnlockActs(
    val pick: (SlotKind) -> Unit,
    val byDevice: () -> Unit,
    val byPassphrase: (String) -> Unit,
    val byKit: (String, String?) -> Unit,
    val sealAgain: (Boolean) -> Unit,
    val rescue: () -> Unit,
    val askLoss: (Boolean) -> Unit,
    val acceptLoss: () -> Unit,
    val restore: () -> Unit,
    val card: () -> Unit,
)

/** The locked notebook, and what can be done where it is damaged. */
@Composable
fun UnlockScreen(
    shown: Shown<Unlock>,
    frame: Frame,
    acts: UnlockActs,
) {
    val state = shown.content
    if (state.damage != null) return DamageScreen(shown, frame, acts)
    Page(stringResource(R.string.unlock_title), shown, Frame(null, frame.understood, frame.passphrase)) {
        if (state.hasCard) item { EmergencyCard(acts.card) }
        state.closed?.let { closed -> item { Body(closed.what.text()) } }
        if (state.keyLost) {
            item { Attention { Text(stringResource(R.string.unlock_key_lost)) } }
        }
        if (state.ways.size > 1) {
            item {
                Column {
                    state.ways.forEach { way -> OneOf(stringResource(way.id()), state.way == way) { acts.pick(way) } }
                }
            }
        }
        item {
            when (state.way) {
                SlotKind.DEVICE -> Main(stringResource(R.string.unlock_by_device), !shown.isBusy, acts.byDevice)
                SlotKind.PASSPHRASE -> ByPassphrase(!shown.isBusy, acts.byPassphrase)
                SlotKind.RECOVERY -> ByKit(!shown.isBusy, acts.byKit)
                null -> if (!shown.isBusy) Link(stringResource(R.string.first_restore), act = acts.restore)
            }
        }
        if (state.keyLost && state.way != null) {
            item { Tick(stringResource(R.string.unlock_seal_again), state.sealAgain, set = acts.sealAgain) }
        }
    }
}

/** One tap to the card that needs no unlocking. */
@Composable
private fun EmergencyCard(open: () -> Unit) =
    Sheet(open) {
        Row(horizontalArrangement = Arrangement.spacedBy(16.dp)) {
            Ornament(R.drawable.ic_emergency)
            Column(Modifier.weight(1f)) {
                Body(stringResource(R.string.card_title), strong = true)
                Note(stringResource(R.string.card_locked_note))
            }
        }
    }

@Composable
private fun ByPassphrase(
    enabled: Boolean,
    open: (String) -> Unit,
) = Column(verticalArrangement = Arrangement.spacedBy(12.dp)) {
    var text by remember { mutableStateOf("") }
    SecretField(text, R.string.passphrase) { text = it }
    Main(stringResource(R.string.unlock_open), enabled && text.isNotEmpty()) { open(text) }
}

@Composable
private fun ByKit(
    enabled: Boolean,
    open: (String, String?) -> Unit,
) = Column(verticalArrangement = Arrangement.spacedBy(12.dp)) {
    var code by remember { mutableStateOf("") }
    var passphrase by remember { mutableStateOf("") }
    Field(code, R.string.kit_code, stringResource(R.string.kit_code_note)) { code = it }
    SecretField(passphrase, R.string.passphrase_new, stringResource(R.string.passphrase_new_note)) { passphrase = it }
    Main(stringResource(R.string.unlock_open), enabled && code.isNotBlank()) { open(code, passphrase) }
}

@Composable
private fun DamageScreen(
    shown: Shown<Unlock>,
    frame: Frame,
    acts: UnlockActs,
) {
    val state = shown.content
    Page(stringResource(R.string.damage_title), shown, frame) {
        if (state.hasCard) item { EmergencyCard(acts.card) }
        state.damage?.let { damage -> item { TroubleCard(damage, null) } }
        if (state.asksLoss) {
            item { Heading(stringResource(R.string.loss_title)) }
            item { Body(stringResource(R.string.loss_text)) }
            item { Main(stringResource(R.string.loss_accept), !shown.isBusy, acts.acceptLoss) }
            item { Other(stringResource(R.string.leave_it), !shown.isBusy) { acts.askLoss(false) } }
        } else {
            item { Body(stringResource(R.string.damage_text)) }
            item { Main(stringResource(R.string.damage_rescue), !shown.isBusy, acts.rescue) }
            item { Note(stringResource(R.string.damage_rescue_note)) }
            item { Other(stringResource(R.string.damage_loss), !shown.isBusy) { acts.askLoss(true) } }
            item { Note(stringResource(R.string.damage_backup_note)) }
        }
    }
}

/** What can be tapped while a backup is taken back. */
class RestoreActs(
    val pick: () -> Unit,
    val keepBy: (Keeping) -> Unit,
    val restore: (String, String) -> Unit,
    val finish: () -> Unit,
)

/** Taking back a backup. */
@Composable
fun RestoreScreen(
    shown: Shown<Restore>,
    frame: Frame,
    acts: RestoreActs,
) {
    val state = shown.content
    val done = state.done
    Page(stringResource(R.string.restore_title), shown, frame) {
        if (done != null) {
            item { Body(done.text) }
            done.people.forEach { person ->
                item {
                    Body(
                        stringResource(
                            if (person.isWhole) R.string.restore_whole else R.string.restore_part,
                            person.name,
                            person.records.toLong(),
                        ),
                    )
                }
            }
            item { Main(stringResource(R.string.restore_open), act = acts.finish) }
        } else {
            item { Body(stringResource(R.string.restore_text)) }
            item { Other(state.name ?: stringResource(R.string.restore_pick), !shown.isBusy, acts.pick) }
            item { RestoreKeys(state, !shown.isBusy, acts) }
        }
    }
}

@Composable
private fun RestoreKeys(
    state: Restore,
    enabled: Boolean,
    acts: RestoreActs,
) = Column(Modifier.fillMaxWidth(), verticalArrangement = Arrangement.spacedBy(12.dp)) {
    var archive by remember { mutableStateOf("") }
    var own by remember { mutableStateOf("") }
    SecretField(archive, R.string.backup_passphrase) { archive = it }
    if (state.canUseDevice) {
        OneOf(stringResource(R.string.lock_device), state.keeping == Keeping.DEVICE) { acts.keepBy(Keeping.DEVICE) }
        OneOf(stringResource(R.string.lock_passphrase), state.keeping == Keeping.PASSPHRASE) { acts.keepBy(Keeping.PASSPHRASE) }
    }
    val ownNeeded = state.keeping == Keeping.PASSPHRASE
    if (ownNeeded) SecretField(own, R.string.passphrase_own, stringResource(R.string.passphrase_note)) { own = it }
    Main(stringResource(R.string.restore_go), enabled && state.name != null && (!ownNeeded || own.isNotEmpty())) {
        acts.restore(archive, own)
    }
}

/** The library is not there, or another one. */
@Composable
fun NoLibraryScreen(state: LibraryState) =
    Page(stringResource(R.string.app_name), Shown(Unit), Frame()) {
        item {
            Attention {
                Text(stringResource(if (state == LibraryState.MISSING) R.string.library_missing else R.string.library_other_version))
            }
        }
    }

/** The library is being loaded. */
@Composable
fun StartingScreen() =
    Page(stringResource(R.string.app_name), Shown(Unit, isBusy = true), Frame()) {
        item { Body(stringResource(R.string.busy)) }
    }
