package jp.techo.notebook.presentation.screens

import jp.techo.core.ActsAs
import jp.techo.core.ConsentQuestionInterface
import jp.techo.core.ConsentView
import jp.techo.core.FetchState
import jp.techo.core.FetchStep
import jp.techo.core.FetchWish
import jp.techo.core.ItemName
import jp.techo.core.PersonView
import jp.techo.core.ReturnTo
import jp.techo.core.SyncSessionInterface
import jp.techo.core.TechoException
import jp.techo.core.UnfinishedFetch
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.Word
import jp.techo.notebook.presentation.platform.ConfirmedAct
import jp.techo.notebook.presentation.platform.Notice
import jp.techo.notebook.presentation.platform.Picked
import jp.techo.notebook.presentation.trouble
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlin.time.Duration.Companion.seconds

/** A fetch on its way. */
sealed interface Fetching {
    /** No relay is known: its operator's profile has to be taken in first. */
    data object NoRelay : Fetching

    /** Whose records, which, and by which right. */
    data class Wishing(
        val person: String? = null,
        val items: Set<String> = emptySet(),
        val actsAs: ActsAs = ActsAs.ONESELF,
        val actor: String? = null,
        val from: String = "",
        val until: String = "",
    ) : Fetching

    /** The question, item by item. Nothing is granted until the person says so. */
    data class Asking(
        val view: ConsentView,
        val granted: Set<String> = emptySet(),
        val surplus: String? = null,
    ) : Fetching

    /** Nothing was granted: the refusal is written down, and nothing is fetched. */
    data class Declined(
        val text: String,
    ) : Fetching

    /** One step after the other; also the end. */
    data class Running(
        val state: FetchState,
    ) : Fetching
}

/** Fetching from Mynaportal. */
data class Fetch(
    val stage: Fetching = Fetching.Wishing(),
    val people: List<PersonView> = emptyList(),
    val items: List<ItemName> = emptyList(),
    val unfinished: List<UnfinishedFetch> = emptyList(),
    /** What was granted and what was not, once it was answered. */
    val answered: String? = null,
    /** The third step of the first start. */
    val isFirst: Boolean = false,
)

/** Asks, carries one fetch step by step, and takes it up again where the process ended. */
class FetchPresenter(
    desk: Desk,
    entry: Entry,
    screen: Screen.Fetch,
) : Presenter<Fetch>(desk, entry, Fetch(isFirst = screen.first)) {
    private var question: ConsentQuestionInterface? = null
    private var session: SyncSessionInterface? = null
    private var carrying: Job? = null

    init {
        scope.launch { desk.arrival.collect { if (it != null && session != null) cameBack() } }
    }

    override fun read() =
        reading {
            if (session != null) return@reading
            val (people, unfinished) = vault { it.people() to it.unfinished() }
            val profile = desk.background.run { desk.place.profile() }
            show { state ->
                val stage =
                    when (val stage = state.stage) {
                        is Fetching.Wishing ->
                            if (profile ==
                                null
                            ) {
                                Fetching.NoRelay
                            } else {
                                stage.copy(person = stage.person ?: people.singleOrNull()?.id)
                            }
                        else -> stage
                    }
                state.copy(people = people, items = desk.library.items(desk.language), unfinished = unfinished, stage = stage)
            }
            // The one that was begun here, or the one that the browser just came back for.
            val id = kept("fetch") ?: unfinished.singleOrNull()?.id?.takeIf { desk.arrival.value != null }
            if (id != null && unfinished.any { it.id == id }) takeUp(id)
        }

    /** Takes in the relay operator's profile. */
    fun pickProfile() {
        work {
            when (val picked = desk.errand { desk.phone.documents.open() }) {
                is Picked.Document -> {
                    desk.background.run { picked.copy.use { desk.place.keepProfile(it.file.readText()) } }
                    show { it.copy(stage = Fetching.Wishing(it.people.singleOrNull()?.id)) }
                }
                else -> picked.trouble()?.let(::say)
            }
        }
    }

    fun person(id: String) = onWish { it.copy(person = id) }

    fun item(
        id: String,
        on: Boolean,
    ) = onWish { it.copy(items = if (on) it.items + id else it.items - id) }

    fun actsAs(
        how: ActsAs,
        actor: String? = null,
    ) = onWish { it.copy(actsAs = how, actor = actor) }

    fun period(
        from: String,
        until: String,
    ) = onWish { it.copy(from = from, until = until) }

    /** Puts the question: what exactly is asked for. */
    fun ask() {
        val wish = now.stage as? Fetching.Wishing ?: return
        val person = wish.person
        if (person == null || wish.items.isEmpty()) return say(trouble(Word.NOTHING_CHOSEN, Word.NOTHING_CHOSEN_TODO))
        work {
            present(ConfirmedAct.FETCH) {
                val profile = profile() ?: return@present
                val order = now.items.map { it.id }.filter { it in wish.items }
                val asked =
                    FetchWish(
                        person,
                        wish.actsAs,
                        wish.actor,
                        false,
                        order,
                        wish.from.trim().ifEmpty { null },
                        wish.until.trim().ifEmpty { null },
                    )
                val question = vault { it.askConsent(profile, asked) }.also { this.question = it }
                show { it.copy(stage = Fetching.Asking(question.view())) }
            }
        }
    }

    /** Yes or no to one item. */
    fun grant(
        item: String,
        yes: Boolean,
    ) {
        val stage = now.stage as? Fetching.Asking ?: return
        val granted = if (yes) stage.granted + item else stage.granted - item
        val surplus = question?.surplusOf(stage.inOrder(granted))
        show { it.copy(stage = stage.copy(granted = granted, surplus = surplus)) }
    }

    /** The answer: a receipt is written, and with anything granted the fetch begins. */
    fun answer() {
        val stage = now.stage as? Fetching.Asking ?: return
        val question = question ?: return
        work {
            val answered = write { question.answer(stage.inOrder(stage.granted)) }
            show { it.copy(answered = answered.text) }
            if (answered.granted.isEmpty()) {
                show { it.copy(stage = Fetching.Declined(answered.text)) }
            } else {
                begin(write { question.start(ReturnTo.AppLink) })
            }
        }
    }

    /** Takes up one that was begun earlier. */
    fun resume(id: String) {
        work { takeUp(id) }
    }

    /** Sends the person to the browser. */
    fun browse() {
        val step = step() as? FetchStep.Browse ?: return
        if (!desk.sendOut { desk.phone.browser.open(step.url) }) say(trouble(Word.NO_BROWSER, Word.NO_BROWSER_TODO))
    }

    /** Whether the relay still knows the fetch, while the browser is out. */
    fun lookAgain() = carry { it.lookAgain() }

    fun decide(yes: Boolean) = carry { it.decide(yes) }

    /** Ends the fetch; nothing of it is filed. */
    fun cancel() {
        session?.stop()
        carrying?.cancel()
        val session = session ?: return
        carrying = scope.launch { carried(session) { it.cancel() } }
    }

    fun again() {
        session = null
        question = null
        keep("fetch", null)
        understood()
        show { it.copy(stage = Fetching.Wishing(it.people.singleOrNull()?.id)) }
        read()
    }

    /** To what was fetched. */
    fun see() = desk.inside.replace(Screen.Timeline())

    override fun gone() {
        // The exchange that is being carried ends; the fetch stays and can be taken up.
        session?.stop()
        super.gone()
    }

    override fun locked() {
        session?.stop()
        super.locked()
    }

    private suspend fun takeUp(id: String) {
        val profile = profile() ?: return
        begin(vault { it.resumeFetch(profile, id) })
    }

    private suspend fun profile(): String? {
        val profile = desk.background.run { desk.place.profile() }
        if (profile == null) show { it.copy(stage = Fetching.NoRelay) }
        return profile
    }

    private fun begin(begun: SyncSessionInterface) {
        session = begun
        keep("fetch", begun.id())
        carry { it.state() }
        if (desk.arrival.value != null) cameBack()
    }

    private fun cameBack() {
        if (step() !is FetchStep.Browse && carrying?.isActive == true) return
        val url = desk.takeArrival() ?: return
        carry { it.cameBack(url) }
    }

    private fun carry(first: (SyncSessionInterface) -> FetchState) {
        val session = session ?: return
        val earlier = carrying
        carrying =
            scope.launch {
                earlier?.join()
                carried(session, first)
            }
    }

    /** Goes on by itself until the person is needed, or it is over. */
    private suspend fun carried(
        session: SyncSessionInterface,
        first: (SyncSessionInterface) -> FetchState,
    ) {
        try {
            var state = desk.background.run { first(session) }
            show { it.copy(stage = Fetching.Running(state)) }
            while (true) {
                when (val step = state.step) {
                    is FetchStep.Exchange -> Unit
                    is FetchStep.Wait -> delay(step.seconds.toInt().seconds)
                    is FetchStep.Browse -> {
                        desk.phone.notices.show(Notice.FETCH_WAITS)
                        break
                    }
                    is FetchStep.Confirm -> break
                    is FetchStep.Done, is FetchStep.Ended -> {
                        over()
                        renewCards()
                        break
                    }
                }
                state = desk.background.run { session.advance() }
                show { it.copy(stage = Fetching.Running(state)) }
            }
        } catch (error: TechoException) {
            failed(error)
        }
        if (step() is FetchStep.Browse && desk.arrival.value != null) cameBackNext()
    }

    // Called from within the job that carries: the next one waits for it to end.
    private fun cameBackNext() {
        val url = desk.takeArrival() ?: return
        carry { it.cameBack(url) }
    }

    private fun over() {
        keep("fetch", null)
        desk.changed()
        desk.phone.notices.withdraw(Notice.FETCH_WAITS)
        desk.phone.notices.show(Notice.FETCH_DONE)
    }

    private fun step() = (now.stage as? Fetching.Running)?.state?.step

    private fun Fetching.Asking.inOrder(granted: Set<String>) = view.items.map { it.id }.filter { it in granted }

    private fun onWish(change: (Fetching.Wishing) -> Fetching.Wishing) =
        show { state -> (state.stage as? Fetching.Wishing)?.let { state.copy(stage = change(it)) } ?: state }
}
