package jp.techo.notebook.app.platform

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.os.Build
import androidx.activity.ComponentActivity
import androidx.activity.result.contract.ActivityResultContract
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import jp.techo.notebook.R
import jp.techo.notebook.app.MainActivity
import jp.techo.notebook.presentation.platform.Notice
import jp.techo.notebook.presentation.platform.Notices

/** Notices with one fixed sentence each. On a locked screen not even that is shown. */
internal class SystemNotices(
    private val context: Context,
) : Notices {
    private val system: NotificationManager? = context.getSystemService(NotificationManager::class.java)
    private val asking = Errand("notices-ask", AskPermission)

    fun attach(activity: ComponentActivity) = asking.attach(activity)

    override fun allowed(): Boolean = system?.areNotificationsEnabled() == true

    override suspend fun ask(): Boolean {
        // Before Android 13 notices are allowed until somebody forbids them, and there is no question to ask.
        if (!allowed() && Build.VERSION.SDK_INT >= ANDROID_13) asking.run(POST_NOTIFICATIONS)
        return allowed()
    }

    override fun show(notice: Notice) {
        if (!allowed()) return
        val channel = NotificationChannel(CHANNEL, context.getString(R.string.notices_channel), NotificationManager.IMPORTANCE_DEFAULT)
        channel.description = context.getString(R.string.notices_channel_about)
        channel.lockscreenVisibility = Notification.VISIBILITY_SECRET
        channel.setShowBadge(false)
        system?.createNotificationChannel(channel)
        val open =
            PendingIntent.getActivity(
                context,
                notice.ordinal,
                Intent(context, MainActivity::class.java).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK),
                PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT,
            )
        val built =
            Notification
                .Builder(context, CHANNEL)
                .setSmallIcon(R.drawable.ic_notice)
                .setContentTitle(context.getString(R.string.app_name))
                .setContentText(context.getString(sentence(notice)))
                .setVisibility(Notification.VISIBILITY_SECRET)
                .setLocalOnly(true)
                .setAutoCancel(true)
                .setContentIntent(open)
                .build()
        system?.notify(notice.name, ID, built)
    }

    override fun withdraw(notice: Notice) {
        system?.cancel(notice.name, ID)
    }

    private fun sentence(notice: Notice) =
        when (notice) {
            Notice.FETCH_WAITS -> R.string.notice_fetch_waits
            Notice.FETCH_DONE -> R.string.notice_fetch_done
            Notice.RECOVERY_KIT_MISSING -> R.string.notice_recovery_kit
        }

    /** androidx's contract, with "no" as no answer. */
    private object AskPermission : ActivityResultContract<String, Boolean?>() {
        private val asked = RequestPermission()

        override fun createIntent(
            context: Context,
            input: String,
        ): Intent = asked.createIntent(context, input)

        override fun parseResult(
            resultCode: Int,
            intent: Intent?,
        ): Boolean? = asked.parseResult(resultCode, intent).takeIf { it }
    }

    private companion object {
        const val CHANNEL = "notices"
        const val ID = 1

        // The names of newer Androids, written out: the code is compiled against Android 11.
        const val ANDROID_13 = 33
        const val POST_NOTIFICATIONS = "android.permission.POST_NOTIFICATIONS"
    }
}
