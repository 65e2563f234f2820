package jp.techo.notebook.app

import android.app.Activity
import android.view.View
import com.dropbox.differ.SimpleImageComparator
import com.github.takahirom.roborazzi.ExperimentalRoborazziApi
import com.github.takahirom.roborazzi.RoborazziOptions
import com.github.takahirom.roborazzi.RoborazziTaskType
import com.github.takahirom.roborazzi.captureRoboImage
import java.io.File

/**
 * Pictures of screens. `docs/screens/` holds what they looked like when somebody last looked at them; the tests draw them anew
 * and compare. `cargo xtask android test --record` writes them; a difference leaves two pictures under
 * `target/android/screens`: what was drawn, and old, difference and new beside each other.
 */
@OptIn(ExperimentalRoborazziApi::class)
internal class Golden(
    private val screens: File = File(checkNotNull(System.getProperty("techo.screens")) { "run by cargo xtask android test" }),
    private val compared: File = File(checkNotNull(System.getProperty("techo.screens.compared"))),
    private val task: RoborazziTaskType = RoborazziOptions().taskType,
) {
    /** Compares what [activity] shows with `docs/screens/`[name]`.png`, or records it. */
    fun check(
        activity: Activity,
        name: String,
    ) = check(activity.window.decorView, name)

    fun check(
        view: View,
        name: String,
    ) {
        require(name.matches(Regex("[a-z0-9-]+"))) { "a picture's name is small letters, digits and hyphens: $name" }
        check(task.isRecording() || task.isVerifying()) { "neither records nor compares: $task" }
        val known = File(screens, "$name.png")
        // Without this a picture that nobody ever recorded would be compared with nothing, and nothing is always equal.
        check(task.isRecording() || known.isFile) { "docs/screens/$name.png is not there: record it, and look at it" }
        val compare = RoborazziOptions.CompareOptions(compared.path, TOLERANCE, SimpleImageComparator(maxDistance = SHADE))
        view.captureRoboImage(known, RoborazziOptions(taskType = task, compareOptions = compare))
    }

    private companion object {
        /** Which part of the pixels may differ: 46 of a small phone. One changed digit of running text is more (see its test). */
        const val TOLERANCE = 0.00005f

        /** How far a colour may be off, of 1: not every processor rounds the edge of a curve alike. */
        const val SHADE = 0.02f
    }
}
