package jp.techo.notebook.presentation

import jp.techo.core.ExportFormat
import jp.techo.core.Setting
import jp.techo.notebook.presentation.platform.DeviceLockState
import jp.techo.notebook.presentation.screens.BackupPresenter
import jp.techo.notebook.presentation.screens.ConsentsPresenter
import jp.techo.notebook.presentation.screens.ErasePresenter
import jp.techo.notebook.presentation.screens.ExportPresenter
import jp.techo.notebook.presentation.screens.FirstStartPresenter
import jp.techo.notebook.presentation.screens.RestorePresenter
import jp.techo.notebook.presentation.screens.SettingsPresenter
import jp.techo.notebook.presentation.screens.WithdrawPresenter
import kotlinx.coroutines.flow.first

// Steps of a story: taking out, keeping safe, erasing, and the choices.

internal suspend fun Scene.export(step: Step): Seen {
    val export = at<ExportPresenter>(Screen.Export)
    export.format(ExportFormat.valueOf(step.needed("format").uppercase()))
    export.person(person(step.text("person")))
    export.save(step.text("passphrase"))
    return export.seen { listOfNotNull(it.done) }
}

internal suspend fun Scene.backup(text: String): Seen {
    val making = at<BackupPresenter>(Screen.Backup)
    making.save(text)
    making.rest()
    backup = world.fake.picks.saved.last()
    return making.seen { state -> state.done?.let { done -> listOf(done.text) + done.people.map { it.name } }.orEmpty() }
}

internal suspend fun Scene.restore(text: String): Seen {
    val backup = checkNotNull(backup) { "there is no backup" }
    world = world.newPhone()
    world.fake.lock.state = DeviceLockState.NO_SCREEN_LOCK
    world.begin()
    before.clear()
    world.at<FirstStartPresenter>().restore()
    val restore = world.at<RestorePresenter>()
    world.fake.picks.pick(backup)
    restore.pick()
    restore.rest()
    restore.restore(text, text)
    val seen = restore.seen { state -> state.done?.let { done -> listOf(done.text) + done.people.map { it.name } }.orEmpty() }
    if (seen.trouble != null) return seen
    restore.finish()
    return unlock(text).let { Seen(seen.lines + it.lines, it.trouble) }
}

internal suspend fun Scene.erase(step: Step): Seen {
    val person = step.text("person")
    val title = step.text("title")
    val of = step.text("document_of")
    val screen =
        when {
            person != null -> Screen.Erase(ErasedKind.PERSON, checkNotNull(person(person)))
            title != null -> Screen.Erase(ErasedKind.RECORD, checkNotNull(records.first { it.title == title }.id))
            else ->
                Screen.Erase(
                    ErasedKind.DOCUMENT,
                    (
                        rows.find { it.title == of }?.document
                            ?: records.first { it.title == of }.document
                    ),
                )
        }
    val erase = at<ErasePresenter>(screen)
    erase.sure(true)
    erase.erase()
    return erase.seen { listOfNotNull(it.text, it.done?.text) }
}

internal suspend fun Scene.withdraw(erase: Boolean): Seen {
    val consents = at<ConsentsPresenter>(Screen.Consents)
    val withdraw = at<WithdrawPresenter>(Screen.Withdraw(consents.state.value.content.lines.first().id))
    withdraw.erases(erase)
    withdraw.withdraw()
    return withdraw.seen { it.lines + it.done.orEmpty() }
}

internal suspend fun Scene.settings() =
    at<SettingsPresenter>(Screen.Settings).seen { state -> checkNotNull(state.settings).switches.map { "${it.name} ${it.isOn}" } }

internal suspend fun Scene.set(step: Step): Seen {
    val settings = at<SettingsPresenter>(Screen.Settings)
    settings.set(Setting.valueOf(step.needed("setting").uppercase()), step.isOn("on"))
    return settings.seen { emptyList() }
}
