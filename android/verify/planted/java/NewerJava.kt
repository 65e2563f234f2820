package jp.techo.planted

import java.net.http.HttpClient

/** Planted: a class of the JDK that no phone has. It compiles, because the compiler runs on a JDK; the list must find it. */
fun newerJava(): HttpClient = HttpClient.newHttpClient()
