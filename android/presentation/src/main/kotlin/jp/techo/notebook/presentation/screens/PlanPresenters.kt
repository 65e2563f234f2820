package jp.techo.notebook.presentation.screens

import jp.techo.core.DoseLine
import jp.techo.core.DueItem
import jp.techo.core.ForgetRow
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Opened
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen

/** The vaccination plan of a person today, in the order of the schedule. */
data class Plan(
    val doses: List<DoseLine> = emptyList(),
    /** Where the next page begins; null at the end. */
    val next: UInt? = null,
    /** Why there is no plan, where there is none. */
    val noPlan: String? = null,
    val note: String? = null,
) {
    /** The doses of each vaccine together, in the order of the schedule. */
    val vaccines: List<Pair<String, List<DoseLine>>> get() = doses.groupBy { it.vaccineName }.toList()

    /** Never prints what somebody was given. */
    override fun toString() = "Plan(${doses.size})"
}

/** What was given, what is due, what is to come. The core plans; nothing is judged here. */
class PlanPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Plan,
) : Presenter<Plan>(desk, entry, Plan()) {
    override fun read() =
        reading {
            val day = desk.today()
            val plan = vault { it.vaccinationPlan(screen.person, day, 0u) }
            show { Plan(plan.doses, plan.next, plan.noPlanText, plan.note) }
        }

    fun more() {
        val after = now.next ?: return
        work {
            val day = desk.today()
            val page = vault { it.vaccinationPlan(screen.person, day, after) }
            if (now.next == after) show { it.copy(doses = it.doses + page.doses, next = page.next) }
        }
    }

    /** The record of a dose that was given. */
    fun record(id: String) = desk.go(Screen.Record(id))

    fun due() = desk.go(Screen.Due(screen.person))

    /** Writes down a dose that is not here yet. */
    fun write() = desk.go(Screen.Write(screen.person))
}

/** What is due within twelve months, by day. */
data class Due(
    val items: List<DueItem> = emptyList(),
    /** Where the next page begins; null at the end. */
    val next: UInt? = null,
    val note: String? = null,
) {
    /** Never prints what is due. */
    override fun toString() = "Due(${items.size})"
}

/** Doses and checkups of the next twelve months. */
class DuePresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Due,
) : Presenter<Due>(desk, entry, Due()) {
    override fun read() =
        reading {
            val day = desk.today()
            val page = vault { it.due(screen.person, day, 0u) }
            show { Due(page.items, page.next, page.note) }
        }

    fun more() {
        val after = now.next ?: return
        work {
            val day = desk.today()
            val page = vault { it.due(screen.person, day, after) }
            if (now.next == after) show { it.copy(items = it.items + page.items, next = page.next) }
        }
    }

    fun plan() = desk.go(Screen.Plan(screen.person))
}

/** What leaves Mynaportal, the soonest first. */
data class Forgets(
    val rows: List<ForgetRow> = emptyList(),
    val count: UInt = 0u,
    val notes: List<String> = emptyList(),
    /** A notebook that is only read, or a sample, fetches nothing. */
    val canFetch: Boolean = false,
    val isRead: Boolean = false,
) {
    val hasMore: Boolean get() = rows.size.toUInt() < count

    /** Never prints a record. */
    override fun toString() = "Forgets(${rows.size} of $count)"
}

/** The countdown, of one person or of everybody, and the way to the fetch that saves it. */
class ForgetsPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Forgets,
) : Presenter<Forgets>(desk, entry, Forgets()) {
    override fun read() =
        reading {
            val (day, canFetch) = desk.today() to (desk.open.value?.how == Opened.WHOLE)
            val view = vault { it.forgets(screen.person, day, 0u) }
            show { Forgets(view.rows, view.count, view.notes, canFetch, isRead = true) }
        }

    fun more() {
        val (day, skip) = desk.today() to now.rows.size
        if (!now.hasMore) return
        work {
            val page = vault { it.forgets(screen.person, day, skip.toUInt()) }
            if (now.rows.size == skip) show { it.copy(rows = it.rows + page.rows, count = page.count) }
        }
    }

    fun event(id: String) = desk.go(Screen.Event(id))

    fun fetch() = desk.go(Screen.Fetch())
}
