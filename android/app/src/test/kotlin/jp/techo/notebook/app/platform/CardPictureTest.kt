package jp.techo.notebook.app.platform

import android.graphics.BitmapFactory
import android.widget.ImageView
import androidx.activity.ComponentActivity
import jp.techo.core.Language
import jp.techo.core.Writer
import jp.techo.notebook.app.Golden
import jp.techo.notebook.presentation.TechoLibrary
import kotlinx.coroutines.Dispatchers
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** The card's picture for the lock screen, from the real library to pixels. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [35], qualifiers = "ja-rJP-w360dp-h720dp-hdpi", application = android.app.Application::class)
class CardPictureTest {
    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun `what the core writes is drawn, in Japanese and English`() {
        val notebook = TechoLibrary.sample(folder.root.resolve("sample").path, Language.JAPANESE)
        val hanako = notebook.people().first { it.name == "手帳 花子" }.id
        val words =
            mapOf("blood_group" to "A Rh+", "allergies" to "ペニシリン（見本）重い", "contacts" to "夫 手帳 一郎 090-0000-0000", "oxygen" to "なし")
        val written = notebook.cardWords(hanako).map { it.copy(text = words[it.field].orEmpty(), fromRecords = false) }
        val done = notebook.writeCard(hanako, written, Writer(null, "self", null, emptyList(), emptyList(), DAY))
        assertTrue(done.troubles.isEmpty())
        val activity = Robolectric.buildActivity(ComponentActivity::class.java).setup().get()
        for ((language, name) in listOf(Language.JAPANESE to "card-picture-ja", Language.ENGLISH to "card-picture-en")) {
            val svg = notebook.cardFile(hanako, DAY, language, true)
            val bytes = asking { SvgPainter(Dispatchers.Unconfined).png(svg) }.answer()!!
            val picture = BitmapFactory.decodeByteArray(bytes, 0, bytes.size)
            assertEquals(1080 to 2160, picture.width to picture.height)
            activity.setContentView(ImageView(activity).apply { setImageBitmap(picture) })
            Golden().check(activity, name)
        }
        notebook.lock()
    }

    private companion object {
        const val DAY = "2026-04-01"
    }
}
