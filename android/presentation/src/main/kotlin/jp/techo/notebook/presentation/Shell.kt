package jp.techo.notebook.presentation

import jp.techo.notebook.presentation.platform.LibraryState
import jp.techo.notebook.presentation.screens.AttachPresenter
import jp.techo.notebook.presentation.screens.BackupPresenter
import jp.techo.notebook.presentation.screens.CardPresenter
import jp.techo.notebook.presentation.screens.ChangesPresenter
import jp.techo.notebook.presentation.screens.CheckPresenter
import jp.techo.notebook.presentation.screens.ClinicPresenter
import jp.techo.notebook.presentation.screens.CodesPresenter
import jp.techo.notebook.presentation.screens.ConsentsPresenter
import jp.techo.notebook.presentation.screens.CorrectPresenter
import jp.techo.notebook.presentation.screens.DayPresenter
import jp.techo.notebook.presentation.screens.DaysPresenter
import jp.techo.notebook.presentation.screens.DecidePresenter
import jp.techo.notebook.presentation.screens.DuePresenter
import jp.techo.notebook.presentation.screens.ErasePresenter
import jp.techo.notebook.presentation.screens.EventPresenter
import jp.techo.notebook.presentation.screens.ExplainPresenter
import jp.techo.notebook.presentation.screens.ExportPresenter
import jp.techo.notebook.presentation.screens.FetchPresenter
import jp.techo.notebook.presentation.screens.FirstStartPresenter
import jp.techo.notebook.presentation.screens.ForgetsPresenter
import jp.techo.notebook.presentation.screens.GrowthPresenter
import jp.techo.notebook.presentation.screens.HistoryPresenter
import jp.techo.notebook.presentation.screens.ImportPresenter
import jp.techo.notebook.presentation.screens.KeysPresenter
import jp.techo.notebook.presentation.screens.KitPresenter
import jp.techo.notebook.presentation.screens.LedgerPresenter
import jp.techo.notebook.presentation.screens.LegalPresenter
import jp.techo.notebook.presentation.screens.LinksPresenter
import jp.techo.notebook.presentation.screens.LockedCardsPresenter
import jp.techo.notebook.presentation.screens.MedicinesPresenter
import jp.techo.notebook.presentation.screens.NewPersonPresenter
import jp.techo.notebook.presentation.screens.PeoplePresenter
import jp.techo.notebook.presentation.screens.PlanPresenter
import jp.techo.notebook.presentation.screens.RecordPresenter
import jp.techo.notebook.presentation.screens.ReportPresenter
import jp.techo.notebook.presentation.screens.RestorePresenter
import jp.techo.notebook.presentation.screens.SearchPresenter
import jp.techo.notebook.presentation.screens.SettingsPresenter
import jp.techo.notebook.presentation.screens.TimelinePresenter
import jp.techo.notebook.presentation.screens.UnlockPresenter
import jp.techo.notebook.presentation.screens.WithdrawPresenter
import jp.techo.notebook.presentation.screens.WritePresenter
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.launch

/** What stands on the screen. */
sealed interface Top {
    /** The library is being loaded. */
    data object Starting : Top

    /** There is no library that fits: the app says so, and does nothing else. */
    data class NoLibrary(
        val state: LibraryState,
    ) : Top

    /** A screen and its presenter. */
    data class At(
        val entry: Entry,
        val presenter: Presenter<*>,
    ) : Top
}

/** Which screen is on top, and a presenter for each screen on the way back. Lives on the main thread. */
class Shell(
    val desk: Desk,
) {
    private val presenters = mutableMapOf<Pair<Boolean, Int>, Presenter<*>>()
    private val mutable = MutableStateFlow<Top>(Top.Starting)

    val top: StateFlow<Top> = mutable.asStateFlow()

    /** Loads the library and shows the first screen. Once. */
    fun start() =
        desk.scope.launch {
            val state = desk.phone.library.check()
            if (state != LibraryState.READY) {
                mutable.value = Top.NoLibrary(state)
                return@launch
            }
            combine(desk.open, desk.inside.entries, desk.outside.entries) { open, inside, outside -> Triple(open != null, inside, outside) }
                .collect { (isOpen, inside, outside) -> settle(isOpen, inside, outside) }
        }

    /** One step back; false where the app is to be left. */
    fun back(): Boolean {
        val top = mutable.value as? Top.At ?: return false
        val before = Triple(desk.open.value, desk.inside.entries.value, desk.outside.entries.value)
        val shown = top.presenter.state.value
        top.presenter.back()
        return Triple(desk.open.value, desk.inside.entries.value, desk.outside.entries.value) != before ||
            top.presenter.state.value != shown
    }

    private fun settle(
        isOpen: Boolean,
        inside: List<Entry>,
        outside: List<Entry>,
    ) {
        val entries = if (isOpen) inside else listOf(door()) + outside
        val live = entries.map { isOpen to it.key }.toSet()
        presenters.keys.filter { it !in live }.forEach { key ->
            // What is inside waits for the notebook to be opened again; its saved values stay.
            val leaves = presenters.remove(key) ?: return@forEach
            if (key.first && !isOpen && inside.any { it.key == key.second }) leaves.locked() else leaves.gone()
        }
        val entry = entries.last()
        val presenter = presenters.getOrPut(isOpen to entry.key) { presenter(entry) }
        mutable.value = Top.At(entry, presenter)
        presenter.shown()
    }

    private fun door() = if (desk.library.exists(desk.place.vault)) Entry(UNLOCK, Screen.Unlock) else Entry(FIRST_START, Screen.FirstStart)

    private fun presenter(entry: Entry): Presenter<*> =
        when (val screen = entry.screen) {
            Screen.FirstStart -> FirstStartPresenter(desk, entry)
            Screen.Unlock -> UnlockPresenter(desk, entry)
            Screen.Restore -> RestorePresenter(desk, entry)
            is Screen.Legal -> LegalPresenter(desk, entry, screen.kind)
            Screen.People -> PeoplePresenter(desk, entry)
            Screen.NewPerson -> NewPersonPresenter(desk, entry)
            is Screen.Timeline -> TimelinePresenter(desk, entry, screen)
            is Screen.Event -> EventPresenter(desk, entry, screen)
            is Screen.Record -> RecordPresenter(desk, entry, screen)
            is Screen.History -> HistoryPresenter(desk, entry, screen)
            is Screen.Search -> SearchPresenter(desk, entry, screen)
            is Screen.Write -> WritePresenter(desk, entry, screen)
            is Screen.Correct -> CorrectPresenter(desk, entry, screen)
            is Screen.Decide -> DecidePresenter(desk, entry, screen)
            is Screen.Changes -> ChangesPresenter(desk, entry, screen)
            is Screen.Attach -> AttachPresenter(desk, entry, screen)
            is Screen.Links -> LinksPresenter(desk, entry, screen)
            is Screen.Days -> DaysPresenter(desk, entry, screen)
            is Screen.Day -> DayPresenter(desk, entry, screen)
            is Screen.Medicines -> MedicinesPresenter(desk, entry, screen)
            is Screen.Plan -> PlanPresenter(desk, entry, screen)
            is Screen.Due -> DuePresenter(desk, entry, screen)
            is Screen.Growth -> GrowthPresenter(desk, entry, screen)
            is Screen.Explain -> ExplainPresenter(desk, entry, screen)
            is Screen.Forgets -> ForgetsPresenter(desk, entry, screen)
            Screen.LockedCards -> LockedCardsPresenter(desk, entry)
            is Screen.Clinic -> ClinicPresenter(desk, entry, screen)
            is Screen.Report -> ReportPresenter(desk, entry, screen)
            is Screen.Card -> CardPresenter(desk, entry, screen)
            is Screen.Codes -> CodesPresenter(desk, entry, screen)
            is Screen.Import -> ImportPresenter(desk, entry, screen)
            is Screen.Fetch -> FetchPresenter(desk, entry, screen)
            Screen.Export -> ExportPresenter(desk, entry)
            Screen.Backup -> BackupPresenter(desk, entry)
            is Screen.Erase -> ErasePresenter(desk, entry, screen)
            Screen.Ledger -> LedgerPresenter(desk, entry)
            Screen.Consents -> ConsentsPresenter(desk, entry)
            is Screen.Withdraw -> WithdrawPresenter(desk, entry, screen)
            Screen.Settings -> SettingsPresenter(desk, entry)
            Screen.Kit -> KitPresenter(desk, entry)
            Screen.Keys -> KeysPresenter(desk, entry)
            Screen.Check -> CheckPresenter(desk, entry)
        }

    private companion object {
        // The doors are on no stack; their keys are none that a stack gives.
        const val FIRST_START = -1
        const val UNLOCK = -2
    }
}
