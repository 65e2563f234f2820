package jp.techo.notebook.app.ui

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.PathEffect
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.text.TextMeasurer
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.drawText
import androidx.compose.ui.text.rememberTextMeasurer
import androidx.compose.ui.unit.dp
import jp.techo.core.ChartBand
import jp.techo.core.ChartLine
import jp.techo.core.ChartMark
import jp.techo.core.ChartRow
import jp.techo.core.ChartTick
import jp.techo.core.ChartView
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.measured
import jp.techo.notebook.presentation.screens.History

/** How values went, drawn and in words. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun HistoryScreen(
    shown: Shown<History>,
    frame: Frame,
    ask: (String) -> Unit,
    record: (String) -> Unit,
    days: () -> Unit,
    hides: Boolean,
) = Hiding(hides) { isCovered, turn ->
    val state = shown.content
    Page(stringResource(R.string.history_title), shown, frame, actions = { Eye(hides, isCovered, turn) }) {
        state.charts.forEachIndexed { at, chart ->
            item(key = "chart $at") {
                Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
                    Heading(listOfNotNull(chart.title, chart.unit?.let { "($it)" }).joinToString(" "))
                    HiddenValue { Drawn(chart) }
                    HiddenValue { Note(chart.summary) }
                    Legend(chart)
                }
            }
            items(chart.notes.size) { Note(chart.notes[it]) }
            items(chart.rows.size, { "row $at $it" }) { row -> ValueRow(chart.rows[row], chart.lines.size > 1, record) }
        }
        if (state.isByDays) item { Other(stringResource(R.string.days_title), act = days) }
        if (state.isRead && state.quantities.isEmpty()) item { Body(stringResource(R.string.history_none)) }
        if (state.quantities.isNotEmpty()) {
            item { Heading(stringResource(R.string.history_of)) }
            item {
                FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
                    state.quantities.forEach { quantity -> Choice(quantity.name, state.asked == quantity.key) { ask(quantity.key) } }
                }
            }
        }
    }
}

@Composable
private fun ValueRow(
    row: ChartRow,
    names: Boolean,
    record: (String) -> Unit,
) = Sheet({ record(row.record) }) {
    Note(if (names) "${row.dateText}　${row.line}" else row.dateText)
    HiddenValue {
        Body(listOfNotNull(measured(row.value, row.unit), row.mark?.let { stringResource(it.id()) }).joinToString("　"), strong = true)
    }
}

private fun ChartMark.id() =
    when (this) {
        ChartMark.HIGH -> R.string.mark_high
        ChartMark.LOW -> R.string.mark_low
        ChartMark.ABNORMAL -> R.string.mark_abnormal
    }

private fun ChartMark.shape() =
    when (this) {
        ChartMark.HIGH -> "▲"
        ChartMark.LOW -> "▼"
        ChartMark.ABNORMAL -> "■"
    }

@Composable
private fun Legend(chart: ChartView) =
    Column {
        if (chart.lines.size > 1) {
            chart.lines.forEachIndexed { at, line -> Note("${if (at % 2 == 0) "●──" else "◆╌╌"} ${line.name}") }
        }
        chart.band?.let { Note("▨ ${it.text}") }
        val marks = chart.lines.flatMap { it.points }.mapNotNull { it.mark }.toSortedSet()
        marks.forEach { Note("${it.shape()} ${stringResource(it.id())}") }
    }

internal class Ink(
    val line: Color,
    val second: Color,
    val marked: Color,
    val band: Color,
    val grid: Color,
    val text: Color,
)

/** Draws what the core laid out: places are fractions of the area, upwards. Screen readers hear the summary instead. */
@Composable
internal fun Drawn(chart: ChartView) {
    val colors = MaterialTheme.colorScheme
    val ink = Ink(colors.primary, colors.tertiary, colors.error, colors.primaryContainer, colors.outlineVariant, colors.onSurfaceVariant)
    val measurer = rememberTextMeasurer()
    val style = MaterialTheme.typography.labelMedium.copy(color = ink.text)
    Canvas(
        Modifier.fillMaxWidth().aspectRatio(RATIO).semantics {
            contentDescription = chart.summary
        },
    ) { drawChart(chart, ink, measurer, style) }
}

private const val RATIO = 1.5f

/** Where the plot lies between its labels. */
internal class Area(
    val left: Float,
    val top: Float,
    val right: Float,
    val bottom: Float,
) {
    fun x(at: Double) = left + (right - left) * at.toFloat()

    fun y(at: Double) = bottom - (bottom - top) * at.toFloat()
}

private fun DrawScope.drawChart(
    chart: ChartView,
    ink: Ink,
    measurer: TextMeasurer,
    style: TextStyle,
) {
    val ups = chart.yTicks.map { it to measurer.measure(it.text, style) }
    val overs = chart.xTicks.map { it to measurer.measure(it.text, style) }
    val gap = 6.dp.toPx()
    val area =
        Area(
            (ups.maxOfOrNull { it.second.size.width } ?: 0) + gap,
            (ups.maxOfOrNull { it.second.size.height } ?: 0) / 2f + gap,
            size.width - gap * 2,
            size.height - (overs.maxOfOrNull { it.second.size.height } ?: 0) - gap,
        )
    chart.band?.let { drawBand(it, area, ink) }
    drawTicks(ups, overs, area, ink, gap)
    chart.lines.forEachIndexed { at, line -> drawLine(line, at, area, ink) }
}

private fun DrawScope.drawBand(
    band: ChartBand,
    area: Area,
    ink: Ink,
) {
    val top = area.y(band.top)
    drawRect(ink.band, Offset(area.left, top), Size(area.right - area.left, area.y(band.bottom) - top))
}

internal fun DrawScope.drawTicks(
    ups: List<Pair<ChartTick, TextLayoutResult>>,
    overs: List<Pair<ChartTick, TextLayoutResult>>,
    area: Area,
    ink: Ink,
    gap: Float,
) {
    ups.forEach { (tick, text) ->
        val y = area.y(tick.at)
        drawLine(ink.grid, Offset(area.left, y), Offset(area.right, y), 1.dp.toPx())
        drawText(text, topLeft = Offset(area.left - gap - text.size.width, y - text.size.height / 2f))
    }
    var free = Float.NEGATIVE_INFINITY
    overs.sortedBy { it.first.at }.forEach { (tick, text) ->
        val x = area.x(tick.at)
        drawLine(ink.grid, Offset(x, area.bottom), Offset(x, area.bottom + gap / 2), 1.dp.toPx())
        val left = (x - text.size.width / 2f).coerceIn(0f, (size.width - text.size.width).coerceAtLeast(0f))
        // Large letters may leave no room: a label that would run into its neighbour is left out.
        if (left >= free) {
            drawText(text, topLeft = Offset(left, area.bottom + gap / 2))
            free = left + text.size.width + gap
        }
    }
}

internal fun DrawScope.drawLine(
    line: ChartLine,
    at: Int,
    area: Area,
    ink: Ink,
) {
    val isSecond = at % 2 == 1
    val color = if (isSecond) ink.second else ink.line
    val way = Path()
    line.points.forEachIndexed { index, point ->
        if (index == 0) way.moveTo(area.x(point.x), area.y(point.y)) else way.lineTo(area.x(point.x), area.y(point.y))
    }
    val dash = if (isSecond) PathEffect.dashPathEffect(floatArrayOf(6.dp.toPx(), 4.dp.toPx())) else null
    drawPath(way, color, style = Stroke(2.dp.toPx(), cap = StrokeCap.Round, pathEffect = dash))
    line.points.forEach { point ->
        drawPoint(
            Offset(area.x(point.x), area.y(point.y)),
            point.mark,
            isSecond,
            if (point.mark ==
                null
            ) {
                color
            } else {
                ink.marked
            },
        )
    }
}

// A shape for each meaning, so that colour is never needed.
private fun DrawScope.drawPoint(
    at: Offset,
    mark: ChartMark?,
    isSecond: Boolean,
    color: Color,
) {
    val r = 5.dp.toPx()
    val corners =
        when {
            mark == ChartMark.HIGH -> listOf(Offset(0f, -r), Offset(r, r), Offset(-r, r))
            mark == ChartMark.LOW -> listOf(Offset(0f, r), Offset(r, -r), Offset(-r, -r))
            mark == ChartMark.ABNORMAL -> listOf(Offset(-r, -r), Offset(r, -r), Offset(r, r), Offset(-r, r))
            isSecond -> listOf(Offset(0f, -r), Offset(r, 0f), Offset(0f, r), Offset(-r, 0f))
            else -> return drawCircle(color, r, at)
        }
    val shape =
        Path().apply {
            corners.forEachIndexed { index, corner -> (at + corner).let { if (index == 0) moveTo(it.x, it.y) else lineTo(it.x, it.y) } }
            close()
        }
    drawPath(shape, color)
}
