package jp.techo.notebook.app.ui

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.compositionLocalOf
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawWithContent
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Brush
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.onClick
import androidx.compose.ui.semantics.role
import androidx.compose.ui.unit.dp
import jp.techo.notebook.R

/** Whether the values of this screen are hidden until touched: the person's setting, unless the eye was tapped. */
internal val LocalHidden = compositionLocalOf { false }

/**
 * A value that somebody looking over the shoulder cannot read until it is touched. Covered, not softened: what is hidden is
 * not drawn at all (a blur can be undone, and Android 11 has none), and a screen reader says only that it is hidden.
 */
@Composable
internal fun HiddenValue(content: @Composable () -> Unit) {
    var isRevealed by remember { mutableStateOf(false) }
    if (!LocalHidden.current || isRevealed) return content()
    val words = stringResource(R.string.hidden_value)
    val from = MaterialTheme.colorScheme.outlineVariant
    val to = MaterialTheme.colorScheme.surfaceVariant
    Box(
        Modifier
            .heightIn(min = LEAST)
            .widthIn(min = LEAST)
            .clickable { isRevealed = true }
            .clearAndSetSemantics {
                contentDescription = words
                role = Role.Button
                onClick { true.also { isRevealed = true } }
            },
        contentAlignment = Alignment.CenterStart,
    ) {
        Box(
            Modifier.drawWithContent {
                val high = 20.dp.toPx().coerceAtMost(size.height)
                drawRoundRect(
                    Brush.horizontalGradient(listOf(from, to, from)),
                    Offset(0f, (size.height - high) / 2),
                    Size(size.width, high),
                    CornerRadius(high / 2),
                )
            }.widthIn(min = 96.dp),
        ) { content() }
    }
}

/** Everything inside is hidden where [isHidden], and [content] is told how to show it all. */
@Composable
internal fun Hiding(
    isHidden: Boolean,
    beginsOpen: Boolean = false,
    content: @Composable (isCovered: Boolean, turn: () -> Unit) -> Unit,
) {
    var isOpen by remember { mutableStateOf(beginsOpen) }
    val isCovered = isHidden && !isOpen
    CompositionLocalProvider(LocalHidden provides isCovered) { content(isCovered) { isOpen = !isOpen } }
}

/** The eye: shows or hides all values of the screen. Not there where nothing is hidden by the person's own choice. */
@Composable
internal fun Eye(
    isHidden: Boolean,
    isCovered: Boolean,
    turn: () -> Unit,
) {
    if (!isHidden) return
    if (isCovered) Symbol(R.drawable.ic_eye, R.string.show_values, turn) else Symbol(R.drawable.ic_eye_off, R.string.hide_values, turn)
}
