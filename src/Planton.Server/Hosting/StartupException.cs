namespace Planton.Server.Hosting;

/// <summary>The server cannot start as it is set up. The message says what to mend, and holds no secret.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
