package jp.techo.notebook.app.ui

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.graphics.Color

// Ink on paper. Blue and orange, which every kind of colour vision tells apart; and never colour alone.
private val Light =
    lightColorScheme(
        primary = Color(0xFF1F3A5F),
        onPrimary = Color(0xFFFFFFFF),
        primaryContainer = Color(0xFFD9E4F2),
        onPrimaryContainer = Color(0xFF0F2440),
        secondary = Color(0xFF4A5A6E),
        secondaryContainer = Color(0xFFE6E9EE),
        onSecondaryContainer = Color(0xFF1B2530),
        tertiary = Color(0xFF8A4B00),
        tertiaryContainer = Color(0xFFFFE3C2),
        onTertiaryContainer = Color(0xFF3A1F00),
        error = Color(0xFF9C2B00),
        errorContainer = Color(0xFFFFDFD3),
        onErrorContainer = Color(0xFF3B1000),
        background = Color(0xFFFBF8F1),
        onBackground = Color(0xFF1B1C1F),
        surface = Color(0xFFFBF8F1),
        onSurface = Color(0xFF1B1C1F),
        surfaceVariant = Color(0xFFEFEADF),
        onSurfaceVariant = Color(0xFF474A50),
        outline = Color(0xFF6E7178),
        outlineVariant = Color(0xFFCBC8BF),
        surfaceContainer = Color(0xFFF4F0E6),
        surfaceContainerHigh = Color(0xFFEFEADF),
        surfaceContainerLow = Color(0xFFF8F4EB),
    )

private val Dark =
    darkColorScheme(
        primary = Color(0xFFA9C7F0),
        onPrimary = Color(0xFF0B2545),
        primaryContainer = Color(0xFF27466E),
        onPrimaryContainer = Color(0xFFD9E4F2),
        secondary = Color(0xFFBBC6D6),
        secondaryContainer = Color(0xFF374352),
        onSecondaryContainer = Color(0xFFDDE4EE),
        tertiary = Color(0xFFFFB870),
        tertiaryContainer = Color(0xFF5C3300),
        onTertiaryContainer = Color(0xFFFFE3C2),
        error = Color(0xFFFFB59B),
        errorContainer = Color(0xFF6B1F00),
        onErrorContainer = Color(0xFFFFDFD3),
        background = Color(0xFF14171C),
        onBackground = Color(0xFFE5E3DD),
        surface = Color(0xFF14171C),
        onSurface = Color(0xFFE5E3DD),
        surfaceVariant = Color(0xFF2B2F36),
        onSurfaceVariant = Color(0xFFC6C6C9),
        outline = Color(0xFF92959B),
        outlineVariant = Color(0xFF44484F),
        surfaceContainer = Color(0xFF1D2127),
        surfaceContainerHigh = Color(0xFF272B32),
        surfaceContainerLow = Color(0xFF191C22),
    )

/** The notebook's colours, by day and by night. */
@Composable
fun TechoTheme(
    dark: Boolean = isSystemInDarkTheme(),
    content: @Composable () -> Unit,
) = MaterialTheme(colorScheme = if (dark) Dark else Light, content = content)
