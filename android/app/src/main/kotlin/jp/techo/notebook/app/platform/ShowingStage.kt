package jp.techo.notebook.app.platform

import android.content.Context
import android.hardware.Sensor
import android.hardware.SensorEvent
import android.hardware.SensorEventListener
import android.hardware.SensorManager
import android.view.WindowManager
import androidx.activity.ComponentActivity
import jp.techo.notebook.presentation.platform.Brightness
import jp.techo.notebook.presentation.platform.FaceDown

/** The brightness of our own window, which the system gives back by itself when the window goes. */
internal class WindowBrightness(
    private val stage: Stage,
) : Brightness {
    private var on = false

    /** Before the activity shows anything: one made anew, because the phone was turned, is as bright as the one before. */
    fun attach(activity: ComponentActivity) = apply(activity)

    override fun raise(on: Boolean) {
        this.on = on
        stage.activity?.let(::apply)
    }

    private fun apply(activity: ComponentActivity) {
        val window = activity.window
        window.attributes =
            window.attributes.apply {
                screenBrightness =
                    if (on) WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_FULL else WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_NONE
            }
        val awake = WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON
        if (on) window.addFlags(awake) else window.clearFlags(awake)
    }
}

/** Which way is down, by the phone's sense of gravity. */
internal class Gravity(
    private val context: Context,
) : FaceDown {
    override fun watch(turned: () -> Unit): AutoCloseable {
        val sensors = context.getSystemService(SensorManager::class.java)
        val sensor = sensors?.getDefaultSensor(Sensor.TYPE_ACCELEROMETER) ?: return AutoCloseable { }
        val listener = Listener(turned)
        sensors.registerListener(listener, sensor, SensorManager.SENSOR_DELAY_UI)
        return AutoCloseable { sensors.unregisterListener(listener) }
    }

    private class Listener(
        private val turned: () -> Unit,
    ) : SensorEventListener {
        private var times = 0

        override fun onSensorChanged(event: SensorEvent) {
            // The third axis comes out of the screen: gravity is felt along it upwards, and face down it points the other way.
            times = if (event.values[OUT] < FACE_DOWN) times + 1 else 0
            // One reading alone is a shake.
            if (times == ENOUGH) turned()
        }

        override fun onAccuracyChanged(
            sensor: Sensor?,
            accuracy: Int,
        ) = Unit
    }

    private companion object {
        const val OUT = 2

        /** In m/s². Lying flat on its face is -9.81. */
        const val FACE_DOWN = -8f
        const val ENOUGH = 3
    }
}
