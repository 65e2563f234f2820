package jp.techo.notebook.presentation.screens

import jp.techo.core.ExplainView
import jp.techo.core.GrowthChart
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen

/** Whose figures stand behind the values. [id] is the core's; null leaves the choice to it, by measure. */
enum class GrowthReference(
    val id: String?,
) {
    USUAL(null),
    JAPAN_2023("2023"),
    JAPAN_2000("2000"),
    WHO("who"),
}

/** How somebody grows: a chart for each measure, and how it is looked at. */
data class Growth(
    val charts: List<GrowthChart> = emptyList(),
    /** The measure that is looked at. */
    val measure: String? = null,
    val reference: GrowthReference = GrowthReference.USUAL,
    val corrected: Boolean = true,
    /** Counting from the day the child was due makes a difference here. */
    val canCorrect: Boolean = false,
    val notes: List<String> = emptyList(),
    val isRead: Boolean = false,
) {
    val shown: GrowthChart? get() = charts.find { it.measure == measure } ?: charts.firstOrNull()

    /** Never prints a measurement. */
    override fun toString() = "Growth(${charts.size}, $reference)"
}

/** A child's growth. Places on the chart come ready from the core, in fractions of the area; the screen only draws them. */
class GrowthPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Growth,
) : Presenter<Growth>(desk, entry, Growth()) {
    init {
        val reference = GrowthReference.entries.find { it.name == kept("reference") } ?: GrowthReference.USUAL
        show { it.copy(measure = kept("measure"), reference = reference, corrected = kept("corrected") != "no") }
    }

    override fun read() =
        reading {
            val (reference, corrected) = now.reference to now.corrected
            val (by, without) =
                vault { it.growth(screen.person, reference.id, true) to it.growth(screen.person, reference.id, false) }
            val view = if (corrected) by else without
            show {
                it.copy(charts = view.charts, canCorrect = by != without, notes = view.notes, isRead = true)
            }
        }

    fun measure(id: String) {
        keep("measure", id)
        show { it.copy(measure = id) }
    }

    fun reference(reference: GrowthReference) {
        keep("reference", reference.name)
        show { it.copy(reference = reference) }
        read()
    }

    fun corrected(on: Boolean) {
        keep("corrected", if (on) null else "no")
        show { it.copy(corrected = on) }
        read()
    }

    /** Opens a value: a record, or a day of what was measured at home. */
    fun record(id: String) {
        val isDay = now.charts.any { one -> one.chart.rows.any { it.record == id && it.isDay } }
        desk.go(if (isDay) Screen.Day(id) else Screen.Record(id))
    }

    /** Writes down a measurement. */
    fun write() = desk.go(Screen.Write(screen.person))
}

/** A checkup in plain words; null until it is read. */
data class Explain(
    val view: ExplainView? = null,
) {
    val hasMore: Boolean get() = view != null && view.items.size.toUInt() < view.count
}

/** An event, or a single record, explained item by item. */
class ExplainPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.Explain,
) : Presenter<Explain>(desk, entry, Explain()) {
    override fun read() =
        reading {
            val view = vault { it.explain(screen.id, 0u) }
            show { Explain(view) }
        }

    fun more() {
        val view = now.view ?: return
        if (!now.hasMore) return
        work {
            val page = vault { it.explain(screen.id, view.items.size.toUInt()) }
            if (now.view === view) show { Explain(view.copy(items = view.items + page.items)) }
        }
    }

    fun record(id: String) = desk.go(Screen.Record(id))
}
