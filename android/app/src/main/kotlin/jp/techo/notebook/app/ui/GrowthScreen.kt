package jp.techo.notebook.app.ui

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Path
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
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.rememberTextMeasurer
import androidx.compose.ui.unit.dp
import jp.techo.core.GrowthChart
import jp.techo.core.GrowthCurve
import jp.techo.core.GrowthRow
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.measured
import jp.techo.notebook.presentation.screens.Growth
import jp.techo.notebook.presentation.screens.GrowthReference

/** What can be tapped on a child's growth. */
class GrowthActs(
    val measure: (String) -> Unit,
    val reference: (GrowthReference) -> Unit,
    val corrected: (Boolean) -> Unit,
    val record: (String) -> Unit,
    val write: () -> Unit,
)

/** How a child grows: the curves of a reference, the values on them, and the same in a table. */
@Composable
fun GrowthScreen(
    shown: Shown<Growth>,
    frame: Frame,
    acts: GrowthActs,
    hides: Boolean,
) = Hiding(hides) { isCovered, turn ->
    val state = shown.content
    val chart = state.shown
    Page(stringResource(R.string.growth_title), shown, frame, actions = { Eye(hides, isCovered, turn) }) {
        if (state.isRead && chart == null) item { Body(stringResource(R.string.growth_none)) }
        if (chart != null) {
            if (state.charts.size > 1) item { Measures(state, chart, acts.measure) }
            item(key = "chart") { OneChart(chart) }
            item { References(state, acts) }
            table(chart, acts.record)
            items(state.notes.size) { at -> Note(state.notes[at]) }
        }
        if (state.isRead) item { Other(stringResource(R.string.growth_write), act = acts.write) }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Measures(
    state: Growth,
    shown: GrowthChart,
    pick: (String) -> Unit,
) = FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
    state.charts.forEach { one -> Choice(one.chart.title, one.measure == shown.measure) { pick(one.measure) } }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun References(
    state: Growth,
    acts: GrowthActs,
) = Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
    Heading(stringResource(R.string.growth_reference))
    FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
        GrowthReference.entries.forEach { one -> Choice(stringResource(one.id()), state.reference == one) { acts.reference(one) } }
    }
    if (state.canCorrect) {
        OnOff(stringResource(R.string.growth_corrected), state.corrected, stringResource(R.string.growth_corrected_note), acts.corrected)
    }
}

private fun GrowthReference.id() =
    when (this) {
        GrowthReference.USUAL -> R.string.growth_usual
        GrowthReference.JAPAN_2023 -> R.string.growth_2023
        GrowthReference.JAPAN_2000 -> R.string.growth_2000
        GrowthReference.WHO -> R.string.growth_who
    }

private fun LazyListScope.table(
    chart: GrowthChart,
    record: (String) -> Unit,
) {
    item { Heading(stringResource(R.string.growth_table)) }
    items(chart.rows.size) { at -> GrowthSheet(chart.rows[at]) { record(chart.rows[at].record) } }
}

@Composable
private fun GrowthSheet(
    row: GrowthRow,
    open: () -> Unit,
) = Sheet(open) {
    Note(listOfNotNull(row.date, row.ageText.ifEmpty { null }).joinToString("　"))
    HiddenValue {
        Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
            Body(measured(row.value, row.unit).orEmpty(), strong = true)
            Body(row.placeText)
            row.obesityText?.let { Body(it) }
        }
    }
}

@Composable
private fun OneChart(chart: GrowthChart) =
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Heading(listOfNotNull(chart.chart.title, chart.chart.unit?.let { "($it)" }).joinToString(" "))
        Note(chart.edition)
        HiddenValue { DrawnGrowth(chart) }
        Note(chart.along)
        HiddenValue { Note(chart.chart.summary) }
        Curves(chart)
        chart.chart.notes.forEach { Note(it) }
    }

/** What the lines and rings are, in words. */
@Composable
private fun Curves(chart: GrowthChart) =
    Column {
        if (chart.curves.isNotEmpty()) Note(curveWords(chart))
        if (chart.chart.lines.size > 1) {
            chart.chart.lines.forEachIndexed { at, line -> Note("${if (at % 2 == 0) "●──" else "◆╌╌"} ${line.name}") }
        }
        if (chart.rows.any { it.corrected }) Note(stringResource(R.string.growth_ring))
    }

@Composable
private fun curveWords(chart: GrowthChart) =
    stringResource(
        if (chart.curves.all { it.joined }) R.string.growth_curves else R.string.growth_dots,
        chart.curves.joinToString("・") { it.name },
        chart.curves.find { it.isMiddle }?.name.orEmpty(),
    )

private class GrowthInk(
    val curve: Color,
    val middle: Color,
    val ground: Color,
)

/** The curves behind, the values in front. Screen readers hear the sentence, whose curves they are, and which. */
@Composable
private fun DrawnGrowth(chart: GrowthChart) {
    val colors = MaterialTheme.colorScheme
    val ink = Ink(colors.primary, colors.tertiary, colors.error, colors.primaryContainer, colors.outlineVariant, colors.onSurfaceVariant)
    val own = GrowthInk(colors.outline, colors.onBackground, colors.background)
    val measurer = rememberTextMeasurer()
    val style = MaterialTheme.typography.labelMedium.copy(color = ink.text)
    val words = listOf(chart.chart.summary, chart.edition, if (chart.curves.isEmpty()) "" else curveWords(chart))
    Canvas(
        Modifier.fillMaxWidth().aspectRatio(SQUARE).semantics { contentDescription = words.filter { it.isNotEmpty() }.joinToString(" ") },
    ) { drawGrowth(chart, ink, own, measurer, style) }
}

private const val SQUARE = 0.9f

private fun DrawScope.drawGrowth(
    chart: GrowthChart,
    ink: Ink,
    own: GrowthInk,
    measurer: TextMeasurer,
    style: TextStyle,
) {
    val ups = chart.chart.yTicks.map { it to measurer.measure(it.text, style) }
    val overs = chart.chart.xTicks.map { it to measurer.measure(it.text, style) }
    val names =
        chart.curves.map { it to measurer.measure(it.name, if (it.isMiddle) style.copy(fontWeight = FontWeight.Bold) else style) }
    val gap = 6.dp.toPx()
    val area =
        Area(
            (ups.maxOfOrNull { it.second.size.width } ?: 0) + gap,
            (ups.maxOfOrNull { it.second.size.height } ?: 0) / 2f + gap,
            size.width - gap * 2 - (names.maxOfOrNull { it.second.size.width } ?: 0),
            size.height - (overs.maxOfOrNull { it.second.size.height } ?: 0) - gap,
        )
    drawTicks(ups, overs, area, ink, gap)
    chart.curves.forEach { drawCurve(it, area, own) }
    drawNames(names, area, gap)
    val ringed = chart.rows.filter { it.corrected }.map { it.record }.toSet()
    chart.chart.lines.forEachIndexed { at, line ->
        drawLine(line, at, area, ink)
        line.points.filter { it.record in ringed }.forEach { drawRing(Offset(area.x(it.x), area.y(it.y)), ink, own) }
    }
}

private fun DrawScope.drawCurve(
    curve: GrowthCurve,
    area: Area,
    own: GrowthInk,
) {
    val dots = curve.x.zip(curve.y).map { (x, y) -> Offset(area.x(x), area.y(y)) }
    val color = if (curve.isMiddle) own.middle else own.curve
    if (!curve.joined) return dots.forEach { drawCircle(color, if (curve.isMiddle) 3.dp.toPx() else 2.dp.toPx(), it) }
    val way = Path().apply { dots.forEachIndexed { at, dot -> if (at == 0) moveTo(dot.x, dot.y) else lineTo(dot.x, dot.y) } }
    drawPath(way, color, style = Stroke(if (curve.isMiddle) 2.dp.toPx() else 1.dp.toPx(), cap = StrokeCap.Round))
}

/** The curves' names at their ends; the middle and the outermost first, where there is no room for all. */
private fun DrawScope.drawNames(
    names: List<Pair<GrowthCurve, TextLayoutResult>>,
    area: Area,
    gap: Float,
) {
    val order =
        names.sortedByDescending { (curve, _) ->
            if (curve.isMiddle) {
                2
            } else if (curve === names.first().first ||
                curve === names.last().first
            ) {
                1
            } else {
                0
            }
        }
    val taken = mutableListOf<ClosedFloatingPointRange<Float>>()
    order.forEach { (curve, text) ->
        val (x, y) = (curve.x.lastOrNull() ?: return@forEach) to (curve.y.lastOrNull() ?: return@forEach)
        val top = (area.y(y) - text.size.height / 2f).coerceIn(0f, size.height - text.size.height)
        val place = top..top + text.size.height
        if (taken.none { it.start < place.endInclusive && place.start < it.endInclusive }) {
            taken += place
            drawText(text, topLeft = Offset(area.x(x) + gap, top))
        }
    }
}

private fun DrawScope.drawRing(
    at: Offset,
    ink: Ink,
    own: GrowthInk,
) {
    drawCircle(own.ground, 8.dp.toPx(), at, style = Stroke(2.dp.toPx()))
    drawCircle(ink.line, 9.dp.toPx(), at, style = Stroke(1.5.dp.toPx()))
}
