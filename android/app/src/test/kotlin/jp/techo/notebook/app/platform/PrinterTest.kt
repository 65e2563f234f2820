package jp.techo.notebook.app.platform

import jp.techo.notebook.presentation.platform.PrintLine
import jp.techo.notebook.presentation.platform.PrintSheet
import jp.techo.notebook.presentation.platform.PrintStyle
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [30, 35], application = android.app.Application::class)
class PrinterTest {
    // A4 in points, without margins.
    private val width = 595
    private val height = 842

    private fun pages(vararg lines: String) =
        SheetLayout(width, height).pages(PrintSheet("復旧キット", lines.map { PrintLine(it) }, "手帳 2026-11-21"))

    private fun List<SheetPage>.text() = joinToString("") { page -> page.lines.joinToString("") { it.characters } }

    @Test
    fun `a short sheet is one page`() = assertEquals(1, pages("ABCD-EFGH").size)

    @Test
    fun `a long sheet goes over several pages and loses no character`() {
        val lines = (1..200).map { "血圧 ${100 + it} mmHg " + "あ".repeat(it % 90) }
        val pages = pages(*lines.toTypedArray())
        assertTrue(pages.size > 3)
        assertEquals("復旧キット" + lines.joinToString(""), pages.text())
    }

    @Test
    fun `a paragraph longer than a page is carried over and not cut`() {
        val long = "長い文".repeat(4000)
        val pages = pages(long)
        assertTrue(pages.size > 1)
        assertEquals("復旧キット$long", pages.text())
        for (page in pages) {
            val last = page.lines.last()
            val bottom = last.top + last.text.getLineBottom(last.line) - last.text.getLineTop(last.line)
            assertTrue("below the foot: $bottom", bottom <= height - 12)
        }
    }

    @Test
    fun `nothing of a sheet comes into a log by accident`() {
        val sheet = PrintSheet("花子", listOf(PrintLine("血圧 128", PrintStyle.BODY)), "")
        assertFalse(sheet.toString().contains("花子") || sheet.lines.toString().contains("128"))
    }
}
