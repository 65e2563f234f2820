package jp.techo.notebook.app.platform

import android.graphics.Canvas
import android.graphics.Color
import android.graphics.Rect
import android.graphics.Typeface
import android.text.StaticLayout
import android.text.TextPaint
import jp.techo.notebook.presentation.platform.PrintLine
import jp.techo.notebook.presentation.platform.PrintSheet
import jp.techo.notebook.presentation.platform.PrintStyle

/** Breaks the lines of a sheet over pages of [width] × [height] points (1/72 inch). No line is lost and none is cut. */
internal class SheetLayout(
    private val width: Int,
    private val height: Int,
) {
    fun pages(sheet: PrintSheet): List<SheetPage> {
        val footer = footer(sheet)
        val room = height - (footer.height + GAP)
        val pages = mutableListOf<MutableList<Placed>>(mutableListOf())
        var used = 0
        for (line in listOf(PrintLine(sheet.title, PrintStyle.HEADING)) + sheet.lines) {
            val text = set(line)
            // By the visual line, so that a paragraph longer than a page is carried over instead of cut.
            for (index in 0 until text.lineCount) {
                val high = text.getLineBottom(index) - text.getLineTop(index)
                if (used + high > room && pages.last().isNotEmpty()) {
                    pages += mutableListOf<Placed>()
                    used = 0
                }
                pages.last() += Placed(text, index, used)
                used += high
            }
            used += GAP
        }
        return pages.map { SheetPage(it, footer) }
    }

    private fun footer(sheet: PrintSheet) = set(PrintLine(sheet.footer, PrintStyle.SMALL))

    private fun set(line: PrintLine): StaticLayout {
        val paint = TextPaint(TextPaint.ANTI_ALIAS_FLAG)
        paint.color = Color.BLACK
        paint.textSize = SIZES.getValue(line.style)
        if (line.style == PrintStyle.HEADING) paint.typeface = Typeface.DEFAULT_BOLD
        return StaticLayout.Builder.obtain(line.text, 0, line.text.length, paint, width).setIncludePad(false).build()
    }

    private companion object {
        const val GAP = 6
        val SIZES = mapOf(PrintStyle.HEADING to 15f, PrintStyle.BODY to 10.5f, PrintStyle.SMALL to 8f)
    }
}

/** One visual line of [text] and where it stands. */
internal class Placed(
    val text: StaticLayout,
    val line: Int,
    val top: Int,
) {
    /** The characters that stand there. */
    val characters: CharSequence get() = text.text.subSequence(text.getLineStart(line), text.getLineEnd(line))
}

/** One page: its lines, and its foot with the page number. */
internal class SheetPage(
    val lines: List<Placed>,
    private val footer: StaticLayout,
) {
    fun draw(
        canvas: Canvas,
        area: Rect,
        number: Int,
        of: Int,
    ) {
        for (placed in lines) {
            val top = placed.text.getLineTop(placed.line)
            canvas.save()
            canvas.translate(area.left.toFloat(), (area.top + placed.top - top).toFloat())
            canvas.clipRect(0, top, placed.text.width, placed.text.getLineBottom(placed.line))
            placed.text.draw(canvas)
            canvas.restore()
        }
        canvas.save()
        canvas.translate(area.left.toFloat(), (area.bottom - footer.height).toFloat())
        footer.draw(canvas)
        val page = "$number / $of"
        canvas.drawText(page, footer.width - footer.paint.measureText(page), footer.getLineBaseline(0).toFloat(), footer.paint)
        canvas.restore()
    }
}
