package jp.techo.notebook.app.ui

import androidx.annotation.DrawableRes
import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.toggleable
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Button
import androidx.compose.material3.Card
import androidx.compose.material3.CardDefaults
import androidx.compose.material3.Checkbox
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Surface
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.layout.layout
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.offset
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Presenter
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.TroubleView

/** What every screen can be asked, besides its own: the way back, troubles, the passphrase. */
class Frame(
    val back: (() -> Unit)? = null,
    val understood: () -> Unit = {},
    val passphrase: (String?) -> Unit = {},
)

/** The frame of a presenter's screen. [canGoBack] is false on a first screen. */
internal fun Presenter<*>.frame(canGoBack: Boolean = true) = Frame(if (canGoBack) ::back else null, ::understood, ::passphrase)

internal val LEAST = 48.dp
private val EDGE = 16.dp

/**
 * A screen: title, way back, what went wrong, and rows that scroll. Nothing has a fixed height, so that large letters wrap and
 * push on instead of being cut off.
 */
@Composable
internal fun Page(
    title: String,
    shown: Shown<*>,
    frame: Frame,
    actions: @Composable RowScope.() -> Unit = {},
    bottom: @Composable ColumnScope.() -> Unit = {},
    rows: LazyListScope.() -> Unit,
) {
    Surface(Modifier.fillMaxSize(), color = MaterialTheme.colorScheme.background) {
        Column(Modifier.fillMaxSize().safeDrawingPadding()) {
            TopBar(title, frame.back, actions)
            Busy(shown.isBusy)
            LazyColumn(
                Modifier.weight(1f).fillMaxWidth(),
                contentPadding = PaddingValues(EDGE),
                verticalArrangement = Arrangement.spacedBy(12.dp),
            ) {
                shown.trouble?.let { item(key = "trouble") { TroubleCard(it, frame.understood) } }
                rows()
            }
            Column(
                Modifier.fillMaxWidth().padding(horizontal = EDGE).offTheEdge(),
                verticalArrangement = Arrangement.spacedBy(8.dp),
                content = bottom,
            )
        }
    }
    if (shown.asksPassphrase) PassphraseDialog(frame.passphrase)
}

/** Room above and below, where there is anything between. */
private fun Modifier.offTheEdge() =
    layout { measurable, constraints ->
        val (above, below) = 8.dp.roundToPx() to EDGE.roundToPx()
        val inner = measurable.measure(constraints.offset(vertical = -(above + below)))
        layout(inner.width, if (inner.height == 0) 0 else inner.height + above + below) { inner.place(0, above) }
    }

@Composable
private fun TopBar(
    title: String,
    back: (() -> Unit)?,
    actions: @Composable RowScope.() -> Unit,
) {
    Row(
        Modifier.fillMaxWidth().heightIn(min = 56.dp).padding(start = if (back == null) EDGE else 4.dp, end = 4.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        if (back != null) Symbol(R.drawable.ic_back, R.string.back, back)
        Text(
            title,
            Modifier.weight(1f).padding(vertical = 8.dp).semantics { heading() },
            style = MaterialTheme.typography.titleLarge,
            color = MaterialTheme.colorScheme.onBackground,
        )
        actions()
    }
}

@Composable
private fun Busy(isBusy: Boolean) {
    val words = stringResource(R.string.busy)
    // The space is there in either case, so that nothing jumps.
    if (isBusy) {
        LinearProgressIndicator(Modifier.fillMaxWidth().heightIn(min = 4.dp).semantics { contentDescription = words })
    } else {
        HorizontalDivider(thickness = 4.dp, color = MaterialTheme.colorScheme.background)
    }
}

/** A picture to touch, with its name for those who do not see it. */
@Composable
internal fun Symbol(
    @DrawableRes picture: Int,
    name: Int,
    act: () -> Unit,
) = IconButton(onClick = act) { Icon(painterResource(picture), stringResource(name), tint = MaterialTheme.colorScheme.onBackground) }

/** What went wrong, and what to do. */
@Composable
internal fun TroubleCard(
    trouble: TroubleView,
    understood: (() -> Unit)?,
) {
    Card(
        Modifier.fillMaxWidth().semantics { liveRegion = LiveRegionMode.Polite },
        colors =
            CardDefaults.cardColors(
                containerColor = MaterialTheme.colorScheme.errorContainer,
                contentColor = MaterialTheme.colorScheme.onErrorContainer,
            ),
    ) {
        Column(Modifier.padding(EDGE), verticalArrangement = Arrangement.spacedBy(8.dp)) {
            Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
                Icon(painterResource(R.drawable.ic_warning), null)
                Text(trouble.what.text(), style = MaterialTheme.typography.titleMedium, fontWeight = FontWeight.SemiBold)
            }
            Text(trouble.todo.text(), style = MaterialTheme.typography.bodyLarge)
            if (understood != null) TextButton(understood, Modifier.align(Alignment.End)) { Text(stringResource(R.string.understood)) }
        }
    }
}

@Composable
private fun PassphraseDialog(answer: (String?) -> Unit) {
    var text by remember { mutableStateOf("") }
    AlertDialog(
        onDismissRequest = { answer(null) },
        confirmButton = { TextButton({ answer(text) }, enabled = text.isNotEmpty()) { Text(stringResource(R.string.go_on)) } },
        dismissButton = { TextButton({ answer(null) }) { Text(stringResource(R.string.leave_it)) } },
        title = { Text(stringResource(R.string.presence_title)) },
        text = { SecretField(text, R.string.passphrase) { text = it } },
    )
}

/** A part of a screen, with a heading. */
@Composable
internal fun Heading(text: String) =
    Text(
        text,
        Modifier.padding(top = 8.dp).semantics { heading() },
        style = MaterialTheme.typography.titleMedium,
        // Japanese fonts have no medium weight: it would look like running text.
        fontWeight = FontWeight.SemiBold,
        color = MaterialTheme.colorScheme.onBackground,
    )

/** Running text. */
@Composable
internal fun Body(
    text: String,
    strong: Boolean = false,
) = Text(
    text,
    style = MaterialTheme.typography.bodyLarge,
    fontWeight = if (strong) FontWeight.SemiBold else null,
    color = MaterialTheme.colorScheme.onBackground,
)

/** Smaller text beside something. */
@Composable
internal fun Note(text: String) =
    Text(text, style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)

/** Something that can be opened, on a sheet of its own. */
@Composable
internal fun Sheet(
    act: (() -> Unit)? = null,
    content: @Composable ColumnScope.() -> Unit,
) {
    val inside: @Composable ColumnScope.() -> Unit = {
        Column(
            Modifier.fillMaxWidth().heightIn(min = LEAST).padding(EDGE),
            verticalArrangement = Arrangement.spacedBy(4.dp),
            content = content,
        )
    }
    val colors = CardDefaults.cardColors(containerColor = MaterialTheme.colorScheme.surfaceContainer)
    if (act ==
        null
    ) {
        Card(Modifier.fillMaxWidth(), colors = colors, content = inside)
    } else {
        Card(act, Modifier.fillMaxWidth(), colors = colors, content = inside)
    }
}

/** A sheet that asks for attention, without alarm. */
@Composable
internal fun Attention(content: @Composable ColumnScope.() -> Unit) {
    Card(
        Modifier.fillMaxWidth().semantics { liveRegion = LiveRegionMode.Polite },
        colors =
            CardDefaults.cardColors(
                containerColor = MaterialTheme.colorScheme.tertiaryContainer,
                contentColor = MaterialTheme.colorScheme.onTertiaryContainer,
            ),
    ) {
        Column(Modifier.padding(EDGE), verticalArrangement = Arrangement.spacedBy(8.dp), content = content)
    }
}

/** A row of a menu. */
@Composable
internal fun MenuRow(
    text: String,
    @DrawableRes picture: Int? = null,
    note: String? = null,
    act: () -> Unit,
) {
    Row(
        Modifier.fillMaxWidth().clickable(role = Role.Button, onClick = act).heightIn(min = LEAST).padding(vertical = 8.dp),
        horizontalArrangement = Arrangement.spacedBy(16.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        if (picture != null) Icon(painterResource(picture), null, tint = MaterialTheme.colorScheme.primary)
        Column(Modifier.weight(1f)) {
            Body(text)
            if (note != null) Note(note)
        }
    }
}

/** One of several. */
@Composable
internal fun OneOf(
    text: String,
    isPicked: Boolean,
    note: String? = null,
    enabled: Boolean = true,
    pick: () -> Unit,
) {
    Row(
        Modifier
            .fillMaxWidth()
            .selectable(isPicked, enabled, Role.RadioButton, onClick = pick)
            .heightIn(min = LEAST)
            .padding(vertical = 4.dp),
        horizontalArrangement = Arrangement.spacedBy(12.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        RadioButton(isPicked, null, enabled = enabled)
        Column(Modifier.weight(1f)) {
            Body(text)
            if (note != null) Note(note)
        }
    }
}

/** Yes or no, to be ticked. */
@Composable
internal fun Tick(
    text: String,
    isOn: Boolean,
    note: String? = null,
    set: (Boolean) -> Unit,
) {
    Row(
        Modifier.fillMaxWidth().toggleable(isOn, role = Role.Checkbox, onValueChange = set).heightIn(min = LEAST).padding(vertical = 4.dp),
        horizontalArrangement = Arrangement.spacedBy(12.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Checkbox(isOn, null)
        Column(Modifier.weight(1f)) {
            Body(text)
            if (note != null) Note(note)
        }
    }
}

/** A setting that is on or off, in force at once. */
@Composable
internal fun OnOff(
    text: String,
    isOn: Boolean,
    note: String? = null,
    set: (Boolean) -> Unit,
) {
    Row(
        Modifier.fillMaxWidth().toggleable(isOn, role = Role.Switch, onValueChange = set).heightIn(min = LEAST).padding(vertical = 8.dp),
        horizontalArrangement = Arrangement.spacedBy(12.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Column(Modifier.weight(1f)) {
            Body(text)
            if (note != null) Note(note)
        }
        Switch(isOn, null)
    }
}

/** What the screen is mainly for. */
@Composable
internal fun Main(
    text: String,
    enabled: Boolean = true,
    act: () -> Unit,
) = Button(act, Modifier.fillMaxWidth().heightIn(min = LEAST), enabled = enabled) { Text(text, textAlign = TextAlign.Center) }

/** Something else that can be done. */
@Composable
internal fun Other(
    text: String,
    enabled: Boolean = true,
    act: () -> Unit,
) = OutlinedButton(
    act,
    Modifier.fillMaxWidth().heightIn(min = LEAST),
    enabled = enabled,
    // The default line is too faint to be seen as a button's edge, by night above all.
    border = BorderStroke(1.dp, if (enabled) MaterialTheme.colorScheme.outline else MaterialTheme.colorScheme.outlineVariant),
) { Text(text, textAlign = TextAlign.Center) }

/** A quiet way to somewhere else. */
@Composable
internal fun Link(
    text: String,
    enabled: Boolean = true,
    act: () -> Unit,
) = TextButton(act, Modifier.heightIn(min = LEAST), enabled = enabled) { Text(text) }

/** A mark that says itself in words as well as in colour. */
@Composable
internal fun Tag(text: String) =
    Text(
        text,
        Modifier
            .background(MaterialTheme.colorScheme.secondaryContainer, MaterialTheme.shapes.small)
            .padding(horizontal = 8.dp, vertical = 2.dp),
        style = MaterialTheme.typography.labelLarge,
        color = MaterialTheme.colorScheme.onSecondaryContainer,
    )

/** A picture that is only there to be looked at. */
@Composable
internal fun Ornament(
    @DrawableRes picture: Int,
) = Icon(painterResource(picture), null, Modifier.clearAndSetSemantics {}, tint = MaterialTheme.colorScheme.primary)
