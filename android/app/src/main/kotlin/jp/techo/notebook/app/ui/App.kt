package jp.techo.notebook.app.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import jp.techo.notebook.presentation.Opened
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Shell
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.Top
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

/** The whole app: whatever is on top. */
@Composable
fun App(shell: Shell) =
    TechoTheme {
        val top by shell.top.collectAsState()
        when (val at = top) {
            Top.Starting -> StartingScreen()
            is Top.NoLibrary -> NoLibraryScreen(at.state)
            is Top.At -> key(at.entry.key) { At(shell, at) }
        }
    }

@Composable
private fun At(
    shell: Shell,
    at: Top.At,
) {
    val open by shell.desk.open.collectAsState()
    val hides = open?.hideValues ?: true
    val presenter = at.presenter
    val frame = presenter.frame()
    when (presenter) {
        is FirstStartPresenter -> FirstStart(presenter, frame)
        is UnlockPresenter -> Unlock(presenter, frame)
        is RestorePresenter ->
            RestoreScreen(presenter.drawn(), frame, RestoreActs(presenter::pick, presenter::keepBy, presenter::restore, presenter::finish))
        is PeoplePresenter ->
            PeopleScreen(
                presenter.drawn(),
                frame,
                PeopleActs(presenter::timeline, presenter::add, presenter::go, presenter::postponeKit, presenter::lock),
                hides,
            )
        is NewPersonPresenter -> NewPersonScreen(presenter.drawn(), frame, presenter::fill, presenter::add)
        is TimelinePresenter -> Timeline(presenter, frame, hides)
        is EventPresenter -> Event(presenter, frame, hides)
        is RecordPresenter -> Record(presenter, frame, hides)
        is HistoryPresenter -> HistoryScreen(presenter.drawn(), frame, presenter::ask, presenter::record, presenter::days, hides)
        is WritePresenter -> Write(presenter, frame)
        is CorrectPresenter -> Correct(presenter, frame)
        is DecidePresenter ->
            DecideScreen(presenter.drawn(), frame, DecideActs(presenter::pen, presenter::answer, presenter::decide))
        is ChangesPresenter -> ChangesScreen(presenter.drawn(), frame, presenter::open, presenter::undo, presenter::more, hides)
        is AttachPresenter -> Attach(presenter, frame)
        is LinksPresenter -> Links(presenter, frame, hides)
        is DaysPresenter -> DaysScreen(presenter.drawn(), frame, presenter::day, presenter::more, hides)
        is DayPresenter -> DayScreen(presenter.drawn(), frame, presenter::more, hides)
        is MedicinesPresenter ->
            MedicinesScreen(presenter.drawn(), frame, MedicinesActs(presenter::on, presenter::withHidden, presenter::record), hides)
        is PlanPresenter ->
            PlanScreen(presenter.drawn(), frame, PlanActs(presenter::record, presenter::more, presenter::due, presenter::write), hides)
        is DuePresenter -> DueScreen(presenter.drawn(), frame, presenter::plan, presenter::more, hides)
        is GrowthPresenter -> Growth(presenter, frame, hides)
        is ExplainPresenter -> ExplainScreen(presenter.drawn(), frame, presenter::record, presenter::more, hides)
        is ForgetsPresenter ->
            ForgetsScreen(presenter.drawn(), frame, ForgetsActs(presenter::event, presenter::more, presenter::fetch), hides)
        is ClinicPresenter -> Clinic(presenter, frame)
        is ReportPresenter ->
            ReportScreen(presenter.drawn(), frame, ReportActs(presenter::fill, presenter::save, presenter::share, presenter::print))
        is CardPresenter -> Card(presenter, frame, hides)
        is CodesPresenter ->
            CodesScreen(
                presenter.drawn(),
                frame,
                CodesActs(
                    presenter::form,
                    presenter::sensitive,
                    presenter::make,
                    presenter::begin,
                    presenter::end,
                    TurnActs(presenter::next, presenter::previous, presenter::pause),
                ),
            )
        is LockedCardsPresenter -> LockedCardsScreen(presenter.drawn(), frame)
        is SearchPresenter ->
            SearchScreen(presenter.drawn(), frame, SearchActs(presenter::type, presenter::search, presenter::more, presenter::open), hides)
        is ImportPresenter -> Import(presenter, frame)
        is FetchPresenter -> Fetch(presenter, frame)
        is ExportPresenter ->
            ExportScreen(presenter.drawn(), frame, ExportActs(presenter::format, presenter::person, presenter::save, presenter::share))
        is BackupPresenter -> BackupScreen(presenter.drawn(), frame, presenter::save)
        is ErasePresenter -> EraseScreen(presenter.drawn(), frame, presenter::sure, presenter::erase)
        is LedgerPresenter -> LedgerScreen(presenter.drawn(), frame, presenter::more)
        is ConsentsPresenter -> ConsentsScreen(presenter.drawn(), frame, presenter::withdraw)
        is WithdrawPresenter -> WithdrawScreen(presenter.drawn(), frame, presenter::erases, presenter::withdraw)
        is SettingsPresenter ->
            SettingsScreen(
                presenter.drawn(),
                frame,
                SettingsActs(presenter::set, presenter::lockAfter, presenter::go),
                open?.how == Opened.SAMPLE,
            )
        is KeysPresenter ->
            KeysScreen(presenter.drawn(), frame, presenter::setPassphrase, presenter::useDevice, presenter::remove, presenter::kit)
        is KitPresenter -> KitScreen(presenter.drawn(), frame, presenter::make, presenter::print)
        is CheckPresenter -> CheckScreen(presenter.drawn(), frame, presenter::verify)
        is LegalPresenter -> LegalScreen(presenter.drawn(), frame, open?.how == Opened.WHOLE, presenter::agree)
    }
}

@Composable
private fun FirstStart(
    presenter: FirstStartPresenter,
    frame: Frame,
) = FirstStartScreen(
    presenter.drawn(),
    frame,
    FirstStartActs(
        presenter::choose,
        presenter::restore,
        presenter::read,
        presenter::fill,
        presenter::keepBy,
        presenter::passphrase,
        presenter::begin,
        presenter::beginEmpty,
    ),
)

@Composable
private fun Unlock(
    presenter: UnlockPresenter,
    frame: Frame,
) = UnlockScreen(
    presenter.drawn(),
    frame,
    UnlockActs(
        presenter::pick,
        presenter::byDevice,
        presenter::byPassphrase,
        presenter::byKit,
        presenter::sealAgain,
        presenter::rescue,
        presenter::askLoss,
        presenter::acceptLoss,
        presenter::restore,
        presenter::card,
    ),
)

@Composable
private fun Timeline(
    presenter: TimelinePresenter,
    frame: Frame,
    hides: Boolean,
) = TimelineScreen(
    presenter.drawn(),
    frame,
    TimelineActs(
        presenter::pick,
        presenter::kind,
        presenter::more,
        presenter::event,
        presenter::search,
        presenter::history,
        presenter::take,
        presenter::write,
        presenter::medicines,
        presenter::changes,
        FamilyActs(presenter::plan, presenter::due, presenter::growth, presenter::forgets),
        ShowingActs(presenter::clinic, presenter::card, presenter::report, presenter::codes),
    ),
    hides,
)

@Composable
private fun Growth(
    presenter: GrowthPresenter,
    frame: Frame,
    hides: Boolean,
) = GrowthScreen(
    presenter.drawn(),
    frame,
    GrowthActs(presenter::measure, presenter::reference, presenter::corrected, presenter::record, presenter::write),
    hides,
)

@Composable
private fun Event(
    presenter: EventPresenter,
    frame: Frame,
    hides: Boolean,
) = EventScreen(
    presenter.drawn(),
    frame,
    EventActs(
        presenter::record,
        presenter::more,
        presenter::links,
        presenter::changes,
        presenter::decide,
        presenter::eraseDocument,
        presenter::explain,
    ),
    hides,
)

@Composable
private fun Record(
    presenter: RecordPresenter,
    frame: Frame,
    hides: Boolean,
) = RecordScreen(
    presenter.drawn(),
    frame,
    RecordActs(
        presenter::history,
        presenter::saveOriginal,
        presenter::erase,
        presenter::correct,
        presenter::changes,
        presenter::other,
        presenter::attach,
        presenter::saveDocument,
        presenter::decide,
        presenter::explain,
    ),
    hides,
)

@Composable
private fun Write(
    presenter: WritePresenter,
    frame: Frame,
) = WritingScreen(
    presenter.drawn(),
    frame,
    WritingActs(
        presenter::kind,
        presenter::type,
        presenter::pen,
        presenter::answer,
        presenter::write,
        presenter::see,
        presenter::again,
    ),
    corrects = false,
)

@Composable
private fun Correct(
    presenter: CorrectPresenter,
    frame: Frame,
) = WritingScreen(
    presenter.drawn(),
    frame,
    WritingActs({}, presenter::type, presenter::pen, presenter::answer, presenter::write, presenter::see, null),
    corrects = true,
)

@Composable
private fun Attach(
    presenter: AttachPresenter,
    frame: Frame,
) = AttachScreen(
    presenter.drawn(),
    frame,
    AttachActs(presenter::pickFile, presenter::photograph, presenter::choosePicture, presenter::name, presenter::attach),
)

@Composable
private fun Links(
    presenter: LinksPresenter,
    frame: Frame,
    hides: Boolean,
) = LinksScreen(
    presenter.drawn(),
    frame,
    LinksActs(presenter::event, presenter::reason, presenter::askPart, presenter::part, presenter::join),
    hides,
)

@Composable
private fun Clinic(
    presenter: ClinicPresenter,
    frame: Frame,
) = ClinicChoiceScreen(
    presenter.drawn(),
    frame,
    ClinicActs(
        presenter::fill,
        presenter::minutes,
        presenter::begin,
        presenter::turn,
        presenter::end,
        presenter::codes,
        TurnActs(
            { presenter.turnCode { it.next() } },
            { presenter.turnCode { it.previous() } },
            { on -> presenter.turnCode { it.copy(isPaused = on) } },
        ),
    ),
)

@Composable
private fun Card(
    presenter: CardPresenter,
    frame: Frame,
    hides: Boolean,
) = CardScreen(
    presenter.drawn(),
    frame,
    CardActs(
        presenter::edit,
        presenter::type,
        presenter::fromRecords,
        presenter::pen,
        presenter::answer,
        presenter::write,
        presenter::set,
        presenter::sharePicture,
        presenter::savePicture,
        presenter::print,
        presenter::sharePage,
    ),
    hides,
)

@Composable
private fun Import(
    presenter: ImportPresenter,
    frame: Frame,
) = ImportScreen(
    presenter.drawn(),
    frame,
    ImportActs(
        presenter::pickFile,
        presenter::photograph,
        presenter::choosePicture,
        presenter::person,
        presenter::anyway,
        presenter::digitsChecked,
        presenter::file,
        presenter::again,
        presenter::see,
        presenter::asDocument,
        presenter::name,
        presenter::dayFirst,
        presenter::confirmTable,
    ),
)

@Composable
private fun Fetch(
    presenter: FetchPresenter,
    frame: Frame,
) = FetchScreen(
    presenter.drawn(),
    frame,
    FetchActs(
        presenter::pickProfile,
        presenter::person,
        presenter::item,
        presenter::actsAs,
        presenter::period,
        presenter::ask,
        presenter::grant,
        presenter::answer,
        presenter::resume,
        presenter::browse,
        presenter::lookAgain,
        presenter::decide,
        presenter::cancel,
        presenter::again,
        presenter::see,
    ),
)

@Composable
private fun <S : Any> Presenter<S>.drawn(): Shown<S> {
    val shown by state.collectAsState()
    return shown
}
