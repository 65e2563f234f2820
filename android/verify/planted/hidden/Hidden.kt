package jp.techo.planted

import android.app.ActivityThread

/** Planted: a name that no app may use. It compiles, because the framework here has all names; the list must find it. */
fun hidden(): String? = ActivityThread.currentPackageName()
