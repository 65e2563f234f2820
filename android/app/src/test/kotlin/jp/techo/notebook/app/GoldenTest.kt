package jp.techo.notebook.app

import android.widget.TextView
import androidx.activity.ComponentActivity
import com.github.takahirom.roborazzi.RoborazziTaskType
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** The pictures' own check is checked: it must find one changed digit, and a picture that is not there. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [35], qualifiers = "ja-rJP-w360dp-h640dp-xhdpi", application = android.app.Application::class)
class GoldenTest {
    @get:Rule
    val folder = TemporaryFolder()

    private fun draw(
        words: String,
        task: RoborazziTaskType,
    ) {
        val activity = Robolectric.buildActivity(ComponentActivity::class.java).setup().get()
        activity.setContentView(TextView(activity).apply { text = words })
        Golden(folder.root, folder.root.resolve("compared"), task).check(activity, "words")
    }

    @Test
    fun `the same screen passes, and one changed digit fails and shows what changed`() {
        draw("血圧 128/82", RoborazziTaskType.Record)
        draw("血圧 128/82", RoborazziTaskType.Verify)
        assertThrows(AssertionError::class.java) { draw("血圧 129/82", RoborazziTaskType.Verify) }
        val left = folder.root.resolve("compared").walk().filter { it.isFile }.map { it.name }.toSet()
        assertEquals(setOf("words_actual.png", "words_compare.png"), left)
    }

    @Test
    fun `a picture that nobody recorded is a failure`() {
        assertThrows(IllegalStateException::class.java) { draw("血圧", RoborazziTaskType.Verify) }
        assertThrows(IllegalStateException::class.java) { draw("血圧", RoborazziTaskType.None) }
        assertTrue(folder.root.list().isNullOrEmpty())
    }
}
