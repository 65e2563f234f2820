package jp.techo.notebook.app.platform

import androidx.activity.ComponentActivity
import java.lang.ref.WeakReference

/**
 * Which activity is there to ask through. Adapters live as long as the process, activities come and go with every turn of the
 * phone; nobody but this class holds one.
 */
internal class Stage {
    private var held = WeakReference<ComponentActivity>(null)

    /** Null while there is none: then nothing can be asked of the person. */
    val activity: ComponentActivity? get() = held.get()?.takeUnless { it.isDestroyed }

    fun enter(activity: ComponentActivity) {
        held = WeakReference(activity)
    }

    /** Leaves, unless another has entered meanwhile. */
    fun leave(activity: ComponentActivity) {
        if (held.get() === activity) held.clear()
    }
}
