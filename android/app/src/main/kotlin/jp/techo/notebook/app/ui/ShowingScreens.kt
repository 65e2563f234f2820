package jp.techo.notebook.app.ui

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import jp.techo.core.ClinicPart
import jp.techo.core.ClinicRow
import jp.techo.core.ClinicScreen
import jp.techo.core.Language
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.screens.Clinic
import jp.techo.notebook.presentation.screens.Report
import jp.techo.notebook.presentation.screens.ToShow
import jp.techo.notebook.presentation.screens.ToShowNames

/** What can be tapped on showing. */
class ClinicActs(
    val fill: (ToShow) -> Unit,
    val minutes: (Int) -> Unit,
    val begin: () -> Unit,
    val turn: () -> Unit,
    val end: () -> Unit,
    val codes: () -> Unit,
    val turnCode: TurnActs,
)

/** Showing at a clinic: what, and then it. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun ClinicChoiceScreen(
    shown: Shown<Clinic>,
    frame: Frame,
    acts: ClinicActs,
) {
    val state = shown.content
    val screen = state.screen
    val codes = state.codes
    if (screen != null && codes != null) {
        return Contrast { TurnPage(codes, Shown(Unit, shown.isBusy, shown.trouble), frame, acts.turnCode) }
    }
    if (screen != null) return ShownScreen(screen, shown, frame, acts)
    Page(
        stringResource(R.string.clinic_title),
        shown,
        frame,
        bottom = { Main(stringResource(R.string.clinic_begin), state.asked.isReady && !shown.isBusy, acts.begin) },
    ) {
        item { Body(state.names.name, strong = true) }
        item { Note(stringResource(R.string.clinic_text)) }
        toShow(state.names, state.asked, acts.fill)
        item { Heading(stringResource(R.string.clinic_minutes)) }
        item {
            FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
                Clinic.MINUTES.forEach { minutes ->
                    Choice(stringResource(R.string.clinic_for, minutes), state.minutes == minutes) { acts.minutes(minutes) }
                }
            }
        }
        item { Note(stringResource(R.string.clinic_ends)) }
    }
}

/** The choice that showing and the report have in common. */
private fun LazyListScope.toShow(
    names: ToShowNames,
    asked: ToShow,
    fill: (ToShow) -> Unit,
) {
    item { Heading(stringResource(R.string.show_occasion)) }
    item {
        Column(Modifier.selectableGroup()) {
            names.occasions.forEach { one ->
                OneOf(one.name, asked.occasion == one.id) { fill(asked.copy(occasion = one.id, items = emptySet())) }
            }
            OneOf(stringResource(R.string.show_own), asked.occasion == null) { fill(asked.copy(occasion = null)) }
        }
    }
    if (asked.occasion == null) {
        item { Heading(stringResource(R.string.show_items)) }
        item {
            Column {
                names.parts.forEach { part ->
                    Tick(part.name, part.id in asked.items) { on ->
                        fill(asked.copy(items = if (on) asked.items + part.id else asked.items - part.id))
                    }
                }
            }
        }
    }
    item { Heading(stringResource(R.string.show_period)) }
    item {
        Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
            Note(stringResource(R.string.show_period_note))
            Field(asked.from, R.string.show_from) { fill(asked.copy(from = it)) }
            Field(asked.until, R.string.show_until) { fill(asked.copy(until = it)) }
        }
    }
    item { Heading(stringResource(R.string.show_how)) }
    item {
        OnOff(stringResource(R.string.show_sensitive), asked.sensitive, stringResource(R.string.show_sensitive_note)) {
            fill(asked.copy(sensitive = it))
        }
    }
    item {
        Column(Modifier.selectableGroup()) {
            Note(stringResource(R.string.show_language))
            Language.entries.forEach { language ->
                OneOf(stringResource(language.id()), asked.language == language) { fill(asked.copy(language = language)) }
            }
        }
    }
}

private fun Language.id() =
    when (this) {
        Language.JAPANESE -> R.string.language_japanese
        Language.ENGLISH -> R.string.language_english
    }

/** What a doctor looks at. Black and white, larger than the rest, and covered until it is touched. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun ShownScreen(
    screen: ClinicScreen,
    shown: Shown<Clinic>,
    frame: Frame,
    acts: ClinicActs,
    beginsOpen: Boolean = false,
) = Contrast {
    val state = shown.content
    Hiding(isHidden = true, beginsOpen) { isCovered, turn ->
        Surface(Modifier.fillMaxSize(), color = MaterialTheme.colorScheme.background) {
            Column(Modifier.fillMaxSize().safeDrawingPadding()) {
                FlowRow(
                    Modifier.fillMaxWidth().padding(horizontal = 16.dp),
                    horizontalArrangement = Arrangement.spacedBy(8.dp, Alignment.End),
                    itemVerticalAlignment = Alignment.CenterVertically,
                ) {
                    Link(stringResource(state.language.other().id()), act = acts.turn)
                    Eye(true, isCovered, turn)
                    Link(stringResource(R.string.clinic_end), act = acts.end)
                }
                HorizontalDivider(thickness = 2.dp, color = MaterialTheme.colorScheme.outline)
                LazyColumn(
                    Modifier.weight(1f).fillMaxWidth(),
                    contentPadding = PaddingValues(16.dp),
                    verticalArrangement = Arrangement.spacedBy(12.dp),
                ) {
                    shown.trouble?.let { item { TroubleCard(it, frame.understood) } }
                    if (isCovered) item { Main(stringResource(R.string.clinic_uncover), act = turn) }
                    item { Who(screen) }
                    if (screen.code) item { Other(stringResource(R.string.clinic_code), !shown.isBusy, acts.codes) }
                    screen.sections.forEach { part -> section(part) }
                    item { HorizontalDivider(thickness = 2.dp, color = MaterialTheme.colorScheme.outline) }
                    screen.leftOut?.let { item { Body(it, strong = true) } }
                    item { Body(screen.fetched) }
                    item { Body(screen.note) }
                    item { Note(stringResource(R.string.clinic_until, state.minutes)) }
                }
            }
        }
    }
}

private fun Language.other() = if (this == Language.JAPANESE) Language.ENGLISH else Language.JAPANESE

@Composable
private fun Who(screen: ClinicScreen) =
    Column {
        HiddenValue {
            Column {
                Text(screen.name, style = MaterialTheme.typography.headlineSmall, color = MaterialTheme.colorScheme.onBackground)
                screen.kana?.let { Note(it) }
                Body("${screen.born}　${screen.sex}")
            }
        }
        Body(screen.title)
    }

private fun LazyListScope.section(part: ClinicPart) {
    item(key = "part ${part.id}") {
        Column(verticalArrangement = Arrangement.spacedBy(4.dp)) {
            HorizontalDivider(thickness = 2.dp, color = MaterialTheme.colorScheme.outline)
            Heading(part.title)
        }
    }
    items(part.rows.size, { "row ${part.id} $it" }) { Line(part.rows[it]) }
    items(part.notes.size, { "note ${part.id} $it" }) { Body("・${part.notes[it]}") }
}

@Composable
private fun Line(row: ClinicRow) =
    Column(verticalArrangement = Arrangement.spacedBy(2.dp)) {
        HiddenValue {
            Column {
                Body(row.title, strong = true)
                row.value?.let { Body(it) }
            }
        }
        row.chart?.let { HiddenValue { Drawn(it) } }
        val said = listOfNotNull(row.date, row.source)
        if (said.isNotEmpty()) Note(said.joinToString("　"))
    }

/** Nothing but black and white, and letters a quarter larger than the person's own. */
@Composable
internal fun Contrast(
    dark: Boolean = isSystemInDarkTheme(),
    content: @Composable () -> Unit,
) {
    val density = LocalDensity.current
    MaterialTheme(colorScheme = if (dark) WhiteOnBlack else BlackOnWhite) {
        CompositionLocalProvider(LocalDensity provides Density(density.density, density.fontScale.larger()), content = content)
    }
}

/** Whose letters are large already has no need of larger ones. */
private fun Float.larger() = coerceAtLeast(minOf(this * LARGER, LARGE))

private const val LARGER = 1.25f
private const val LARGE = 1.6f
private val White = Color(0xFFFFFFFF)
private val Black = Color(0xFF000000)
private val Grey = Color(0xFF8A8A8A)
private val BlackOnWhite =
    lightColorScheme(
        primary = Black,
        onPrimary = White,
        primaryContainer = Color(0xFFE0E0E0),
        tertiary = Black,
        error = Black,
        background = White,
        onBackground = Black,
        surface = White,
        onSurface = Black,
        surfaceVariant = Color(0xFFCFCFCF),
        onSurfaceVariant = Black,
        outline = Black,
        outlineVariant = Grey,
        surfaceContainer = Color(0xFFF2F2F2),
    )
private val WhiteOnBlack =
    darkColorScheme(
        primary = White,
        onPrimary = Black,
        primaryContainer = Color(0xFF333333),
        tertiary = White,
        error = White,
        background = Black,
        onBackground = White,
        surface = Black,
        onSurface = White,
        surfaceVariant = Color(0xFF4A4A4A),
        onSurfaceVariant = White,
        outline = White,
        outlineVariant = Grey,
        surfaceContainer = Color(0xFF1C1C1C),
    )

/** What can be tapped on the report. */
class ReportActs(
    val fill: (ToShow) -> Unit,
    val save: () -> Unit,
    val share: () -> Unit,
    val print: () -> Unit,
)

/** The report for a visit. */
@Composable
fun ReportScreen(
    shown: Shown<Report>,
    frame: Frame,
    acts: ReportActs,
) {
    val state = shown.content
    val isReady = state.asked.isReady && !shown.isBusy
    Page(
        stringResource(R.string.report_title),
        shown,
        frame,
        bottom = { Main(stringResource(R.string.report_print), isReady, acts.print) },
    ) {
        state.done?.let { done -> item { Attention { Text(done) } } }
        item { Body(state.names.name, strong = true) }
        item { Note(stringResource(R.string.report_text)) }
        toShow(state.names, state.asked, acts.fill)
        item { Attention { Text(stringResource(R.string.report_open)) } }
        item { Other(stringResource(R.string.report_save), isReady, acts.save) }
        item { Other(stringResource(R.string.report_share), isReady, acts.share) }
    }
}
