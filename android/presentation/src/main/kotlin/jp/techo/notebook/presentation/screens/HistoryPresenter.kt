package jp.techo.notebook.presentation.screens

import jp.techo.core.ChartView
import jp.techo.core.QuantityLine
import jp.techo.notebook.presentation.Desk
import jp.techo.notebook.presentation.Entry
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Screen

/** How values went: what there is a history of, and the charts of what was asked for. */
data class History(
    val quantities: List<QuantityLine> = emptyList(),
    val asked: String? = null,
    val charts: List<ChartView> = emptyList(),
    val isRead: Boolean = false,
) {
    /** What was asked for was measured at home, and stands by days. */
    val isByDays: Boolean get() = asked?.startsWith(HOME) == true

    private companion object {
        const val HOME = "home|"
    }
}

/** A person's histories. The chart comes ready from the core, in fractions of the area; the screen only draws it. */
class HistoryPresenter(
    desk: Desk,
    entry: Entry,
    private val screen: Screen.History,
) : Presenter<History>(desk, entry, History()) {
    init {
        show { it.copy(asked = kept("asked") ?: screen.asked) }
    }

    override fun read() =
        reading {
            val quantities = vault { it.quantities(screen.person) }
            val asked = now.asked ?: quantities.firstOrNull()?.key
            val charts = asked?.let { key -> vault { it.history(screen.person, key) } }.orEmpty()
            show { History(quantities, asked, charts, isRead = true) }
        }

    /** Shows the history of [asked]: the key of a quantity, or a word for it. */
    fun ask(asked: String) {
        keep("asked", asked)
        show { it.copy(asked = asked, charts = emptyList()) }
        read()
    }

    /** Opens a value: a record, or a day of what was measured at home. */
    fun record(id: String) {
        val isDay = now.charts.any { chart -> chart.rows.any { it.record == id && it.isDay } }
        desk.go(if (isDay) Screen.Day(id) else Screen.Record(id))
    }

    /** The days of what was measured at home. */
    fun days() {
        now.asked?.takeIf { now.isByDays }?.let { desk.go(Screen.Days(screen.person, it)) }
    }
}
