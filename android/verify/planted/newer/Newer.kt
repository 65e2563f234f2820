package jp.techo.planted

import android.app.LocaleManager
import android.content.Context

/** Planted: a class of Android 13. It must not compile against Android 11. */
fun newer(context: Context): LocaleManager? = context.getSystemService(LocaleManager::class.java)
