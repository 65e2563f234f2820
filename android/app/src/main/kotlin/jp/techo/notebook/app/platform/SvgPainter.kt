package jp.techo.notebook.app.platform

import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Color
import android.graphics.Paint
import android.graphics.Typeface
import android.util.Xml
import jp.techo.notebook.presentation.platform.Painter
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.withContext
import org.xmlpull.v1.XmlPullParser
import org.xmlpull.v1.XmlPullParserException
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.StringReader

/**
 * Draws the pictures that the core writes: rectangles and lines of text, and nothing else of SVG. A picture with anything else in it is
 * refused instead of being drawn in part.
 */
internal class SvgPainter(
    private val background: CoroutineDispatcher,
) : Painter {
    override suspend fun png(svg: String): ByteArray? =
        withContext(background) {
            try {
                val picture = draw(svg)
                ByteArrayOutputStream().also { picture.compress(Bitmap.CompressFormat.PNG, QUALITY, it) }.toByteArray()
            } catch (_: XmlPullParserException) {
                null
            } catch (_: IOException) {
                null
            } catch (_: IllegalArgumentException) {
                null
            }
        }

    private fun draw(svg: String): Bitmap {
        val parser = Xml.newPullParser()
        parser.setInput(StringReader(svg))
        var picture: Bitmap? = null
        while (parser.next() != XmlPullParser.END_DOCUMENT) {
            if (parser.eventType != XmlPullParser.START_TAG) continue
            when (parser.name) {
                "svg" -> picture = Bitmap.createBitmap(size(parser, "width"), size(parser, "height"), Bitmap.Config.ARGB_8888)
                "title" -> parser.nextText()
                "rect" -> Canvas(requireNotNull(picture)).rectangle(parser)
                "text" -> Canvas(requireNotNull(picture)).words(parser)
                else -> throw IllegalArgumentException("no picture of the core's")
            }
        }
        return requireNotNull(picture)
    }

    private fun Canvas.rectangle(parser: XmlPullParser) {
        val (x, y) = number(parser, "x", 0f) to number(parser, "y", 0f)
        val round = number(parser, "rx", 0f)
        drawRoundRect(x, y, x + number(parser, "width"), y + number(parser, "height"), round, round, paint(parser))
    }

    private fun Canvas.words(parser: XmlPullParser) {
        val paint = paint(parser)
        paint.textSize = number(parser, "font-size")
        if (parser.getAttributeValue(null, "font-weight") == "700") paint.typeface = Typeface.DEFAULT_BOLD
        val (x, y) = number(parser, "x") to number(parser, "y")
        drawText(parser.nextText(), x, y, paint)
    }

    private fun paint(parser: XmlPullParser) =
        Paint(Paint.ANTI_ALIAS_FLAG).apply { color = Color.parseColor(requireNotNull(parser.getAttributeValue(null, "fill"))) }

    private fun number(
        parser: XmlPullParser,
        name: String,
        otherwise: Float? = null,
    ): Float = requireNotNull(parser.getAttributeValue(null, name)?.toFloatOrNull() ?: otherwise)

    private fun size(
        parser: XmlPullParser,
        name: String,
    ): Int = number(parser, name).toInt().also { require(it in 1..LARGEST) }

    private companion object {
        const val QUALITY = 100
        const val LARGEST = 4096
    }
}
