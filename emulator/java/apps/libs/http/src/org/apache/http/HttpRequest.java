package org.apache.http;

public interface HttpRequest {}
