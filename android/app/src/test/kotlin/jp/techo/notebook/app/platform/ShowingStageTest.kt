package jp.techo.notebook.app.platform

import android.content.Context
import android.graphics.BitmapFactory
import android.graphics.Color
import android.hardware.Sensor
import android.hardware.SensorManager
import android.view.WindowManager
import androidx.activity.ComponentActivity
import jp.techo.notebook.presentation.platform.Paper
import jp.techo.notebook.presentation.platform.PrintPage
import kotlinx.coroutines.Dispatchers
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import org.robolectric.shadows.SensorEventBuilder
import org.robolectric.shadows.ShadowSensor

/** What the phone does while somebody else looks on, and what of it goes out. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [30, 35], application = android.app.Application::class)
class ShowingStageTest {
    private val context: Context = RuntimeEnvironment.getApplication()
    private val stage = Stage()
    private val sensors = context.getSystemService(SensorManager::class.java)!!

    private fun activity(): ComponentActivity = Robolectric.buildActivity(ComponentActivity::class.java).create().get().also(stage::enter)

    private fun ComponentActivity.isAwake() = window.attributes.flags and WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON != 0

    @Test
    fun `the screen is bright and awake, also when the phone is turned, and what was before is given back`() {
        val light = WindowBrightness(stage)
        val first = activity()
        light.attach(first)
        assertEquals(WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_NONE, first.window.attributes.screenBrightness)
        light.raise(true)
        assertEquals(WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_FULL, first.window.attributes.screenBrightness)
        assertTrue(first.isAwake())
        val second = activity()
        light.attach(second)
        assertEquals(WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_FULL, second.window.attributes.screenBrightness)
        light.raise(false)
        assertEquals(WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_NONE, second.window.attributes.screenBrightness)
        assertFalse(second.isAwake())
    }

    private fun felt(along: Float) =
        shadowOf(sensors).sendSensorEventToListeners(
            SensorEventBuilder.newBuilder()
                .setSensor(sensors.getDefaultSensor(Sensor.TYPE_ACCELEROMETER)!!)
                .setValues(floatArrayOf(0f, 0f, along))
                .setTimestamp(0L)
                .build(),
        )

    @Test
    fun `laid on its face the phone says so once, and neither upright, shaken nor after it was given up`() {
        shadowOf(sensors).addSensor(ShadowSensor.newInstance(Sensor.TYPE_ACCELEROMETER))
        var turned = 0
        val watching = Gravity(context).watch { turned += 1 }
        repeat(9) { felt(9.8f) }
        repeat(9) { felt(0f) }
        repeat(9) {
            felt(-9.8f)
            felt(-9.8f)
            felt(2f)
        }
        assertEquals(0, turned)
        repeat(9) { felt(-9.8f) }
        assertEquals(1, turned)
        felt(9.8f)
        watching.close()
        repeat(9) { felt(-9.8f) }
        assertEquals(1, turned)
    }

    @Test
    fun `a phone without that sense shows all the same`() = Gravity(context).watch { error("it cannot know") }.close()

    @Test
    fun `a picture of the core's is drawn whole, and any other is refused`() {
        fun png(inside: String) =
            asking {
                SvgPainter(Dispatchers.Unconfined).png(
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"100\">\n<title>救急</title>$inside</svg>",
                )
            }.answer()
        val card =
            "<rect width=\"200\" height=\"100\" fill=\"#101418\"/>" +
                "<rect x=\"20\" y=\"20\" width=\"160\" height=\"60\" rx=\"8\" fill=\"#ffffff\"/>" +
                "<text x=\"30\" y=\"60\" font-size=\"30\" font-weight=\"700\" fill=\"#111111\">A&amp;B 型</text>"
        val bytes = png(card)!!
        val drawn = BitmapFactory.decodeByteArray(bytes, 0, bytes.size)
        assertEquals(200 to 100, drawn.width to drawn.height)
        assertEquals(Color.parseColor("#101418"), drawn.getPixel(2, 2))
        assertEquals(Color.WHITE, drawn.getPixel(170, 30))
        val dark = (30 until 120).sumOf { x -> (36 until 62).count { y -> Color.red(drawn.getPixel(x, y)) < 100 } }
        assertTrue("words are drawn: $dark", dark > 100)
        assertNull(png("$card<script>x</script>"))
        assertNull(png("$card<image href=\"https://example.org/x.png\"/>"))
        assertNull(png("<rect width=\"far\" height=\"1\" fill=\"#101418\"/>"))
        assertNull(png("<rect width=\"1\""))
    }

    @Test
    fun `a page is laid out without script, files and network, and only where there is a screen`() {
        val page = PrintPage("<html>手帳 花子</html>", Paper.A6)
        assertFalse(PagePrinter(stage).print(page))
        activity()
        val printer = PagePrinter(stage)
        assertTrue(printer.print(page))
        val view = printer.view!!
        assertEquals(page.html, shadowOf(view).lastLoadDataWithBaseURL.data)
        with(view.settings) {
            assertFalse(javaScriptEnabled)
            assertFalse(allowFileAccess)
            assertFalse(allowContentAccess)
            assertTrue(blockNetworkLoads)
        }
    }
}
