package org.apache.http.protocol;

public interface HttpContext {}
