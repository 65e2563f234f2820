package jp.techo.notebook.presentation.screens

import jp.techo.core.DayLine
import jp.techo.core.DayView
import jp.techo.core.MedicinesView
import jp.techo.core.SameEvent
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.dateOf

/** The same event from several sources: who tells it, why they are one, what differs. */
data class Links(
    val same: SameEvent? = null,
    val reason: String = "",
    /** The event that is to be kept apart, asked about before it is. */
    val parting: String? = null,
    /** It was kept apart just now. */
    val isParted: Boolean = false,
) {
    val isLinked: Boolean get() = (same?.sources?.size ?: 0) > 1

    /** Never prints a reason. */
    override fun toString() = "Links(${same?.sources?.size})"
}

/** What was recognised as one event, and the person's own word about it. */
class LinksPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Links,
) : Presenter<Links>(desk, entry, Links()) {
    override fun read() =
        reading {
            val same = vault { it.links(screen.event) }
            show { it.copy(same = same) }
        }

    fun event(id: String) = desk.go(Screen.Event(id))

    fun reason(text: String) = show { it.copy(reason = text) }

    /** Asks whether [event] is something else; null is the way back. */
    fun askPart(event: String?) = show { it.copy(parting = event) }

    /** They are two events, for good: no pass ever joins them again. */
    fun part() {
        val event = now.parting ?: return
        work {
            write { it.unlink(event, null, now.reason.trim().ifEmpty { null }) }
            val same = vault { it.links(screen.event) }
            show { Links(same, isParted = true) }
        }
    }

    /** The person says that [other] is the same event. */
    fun join(other: String) {
        work {
            write { it.link(screen.event, other, now.reason.trim().ifEmpty { null }) }
            val same = vault { it.links(screen.event) }
            show { Links(same) }
        }
    }
}

/** The days of what was measured at home. */
data class DaysOf(
    val name: String = "",
    val days: List<DayLine> = emptyList(),
    val next: String? = null,
    val isRead: Boolean = false,
)

/** Days of a series, the newest first. */
class DaysPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Days,
) : Presenter<DaysOf>(desk, entry, DaysOf()) {
    override fun read() =
        reading {
            val page = vault { it.days(screen.person, screen.quantity, null, null, null) }
            show { DaysOf(page?.name.orEmpty(), page?.days.orEmpty(), page?.next, isRead = true) }
        }

    fun more() {
        val after = now.next ?: return
        work {
            val page = vault { it.days(screen.person, screen.quantity, null, null, after) } ?: return@work
            if (now.next == after) show { it.copy(days = it.days + page.days, next = page.next) }
        }
    }

    fun day(id: String) = desk.go(Screen.Day(id))
}

/** One day with its samples; null until it is read. */
data class OneDay(
    val view: DayView? = null,
) {
    val hasMore: Boolean get() = view != null && view.samples.size.toUInt() < view.count
}

/** The samples of a day, as they were measured. */
class DayPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Day,
) : Presenter<OneDay>(desk, entry, OneDay()) {
    override fun read() =
        reading {
            val day = vault { it.day(screen.id, 0u) }
            show { OneDay(day) }
        }

    fun more() {
        val view = now.view ?: return
        work {
            val page = vault { it.day(screen.id, view.samples.size.toUInt()) }
            if (now.view === view) show { OneDay(view.copy(samples = view.samples + page.samples)) }
        }
    }
}

/** The medicines of a day. */
data class Medicines(
    val view: MedicinesView? = null,
    /** The day, as it is typed. */
    val on: String = "",
    val withHidden: Boolean = false,
)

/** What is taken on a day, what to ask a pharmacist, what is left over. */
class MedicinesPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Medicines,
) : Presenter<Medicines>(desk, entry, Medicines(on = java.time.LocalDate.now().toString())) {
    override fun read() {
        val day = dateOf(now.on) ?: return
        reading {
            val view = vault { it.medicines(screen.person, day, now.withHidden) }
            show { it.copy(view = view) }
        }
    }

    fun on(day: String) {
        show { it.copy(on = day) }
        read()
    }

    fun withHidden(on: Boolean) {
        show { it.copy(withHidden = on) }
        read()
    }

    fun record(id: String) = desk.go(Screen.Record(id))
}
