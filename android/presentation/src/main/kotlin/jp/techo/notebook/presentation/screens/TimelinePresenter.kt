package jp.techo.notebook.presentation.screens

import jp.techo.core.KindName
import jp.techo.core.PersonView
import jp.techo.core.TimelineQuery
import jp.techo.core.TimelineRow
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen

/** What happened, the newest first, as far as it was read. */
data class Timeline(
    val person: String? = null,
    val kind: String? = null,
    val people: List<PersonView> = emptyList(),
    val kinds: List<KindName> = emptyList(),
    val rows: List<TimelineRow> = emptyList(),
    /** Where the next page begins; null at the end. */
    val next: String? = null,
    val isRead: Boolean = false,
)

/** The timeline, page by page, of one person or all, of one kind or all. */
class TimelinePresenter(
    desk: Desk,
    entry: Entry,
    screen: Screen.Timeline,
) : Presenter<Timeline>(desk, entry, Timeline()) {
    init {
        // An empty text is the person's own choice of everybody.
        show { it.copy(person = (kept("person") ?: screen.person)?.ifEmpty { null }, kind = kept("kind")) }
    }

    override fun read() =
        reading {
            val asked = query(null)
            val (people, kinds, page) = vault { Triple(it.people(), it.kinds(), it.timeline(asked)) }
            show { it.copy(people = people, kinds = kinds, rows = page.rows, next = page.next, isRead = true) }
        }

    fun pick(person: String?) {
        keep("person", person.orEmpty())
        show { it.copy(person = person, rows = emptyList(), next = null) }
        read()
    }

    fun kind(kind: String?) {
        keep("kind", kind)
        show { it.copy(kind = kind, rows = emptyList(), next = null) }
        read()
    }

    /** The next page, where there is one. */
    fun more() {
        val after = now.next ?: return
        work {
            val page = vault { it.timeline(query(after)) }
            // A filter that was changed meanwhile has begun anew.
            if (now.next == after) show { it.copy(rows = it.rows + page.rows, next = page.next) }
        }
    }

    fun event(id: String) = desk.go(Screen.Event(id))

    fun search() = desk.go(Screen.Search(now.person))

    fun history() {
        one()?.let { desk.go(Screen.History(it)) }
    }

    /** Writes something down for the person that is chosen, or the only one. */
    fun write() {
        one()?.let { desk.go(Screen.Write(it)) }
    }

    fun medicines() {
        one()?.let { desk.go(Screen.Medicines(it)) }
    }

    fun changes() {
        one()?.let { desk.go(Screen.Changes(it)) }
    }

    // Families.
    fun plan() {
        one()?.let { desk.go(Screen.Plan(it)) }
    }

    fun due() {
        one()?.let { desk.go(Screen.Due(it)) }
    }

    fun growth() {
        one()?.let { desk.go(Screen.Growth(it)) }
    }

    fun forgets() {
        one()?.let { desk.go(Screen.Forgets(it)) }
    }

    /** Showing at a clinic. */
    fun clinic() {
        one()?.let { desk.go(Screen.Clinic(it)) }
    }

    /** The emergency card. */
    fun card() {
        one()?.let { desk.go(Screen.Card(it)) }
    }

    /** The report for a visit. */
    fun report() {
        one()?.let { desk.go(Screen.Report(it)) }
    }

    /** Handing over by QR codes. */
    fun codes() {
        one()?.let { desk.go(Screen.Codes(it)) }
    }

    fun take() = desk.go(Screen.Import())

    fun fetch() = desk.go(Screen.Fetch())

    private fun one() = now.person ?: now.people.singleOrNull()?.id

    private fun query(after: String?) = TimelineQuery(now.person, now.kind, null, null, after, PAGE)

    companion object {
        const val PAGE = 50u
    }
}
