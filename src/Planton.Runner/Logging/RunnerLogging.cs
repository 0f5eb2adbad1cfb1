namespace Planton.Runner.Logging;

/// <summary>Which parts speak at which level.</summary>
internal static class RunnerLogging
{
    public static void Configure(ILoggingBuilder logging, ILoggerProvider provider, LogLevel level)
    {
        logging.ClearProviders();
        logging.AddProvider(provider);
        logging.SetMinimumLevel(level);
        // These would write a request's query into the log: an exec's command is in it, or a key that somebody put there.
        logging.AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Warning);
        logging.AddFilter("Yarp", level <= LogLevel.Debug ? LogLevel.Warning : LogLevel.None);
        if (level <= LogLevel.Debug)
            return;
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // A failed start is told once, by the runner itself, in its own words; so is a failed operation, above.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
    }
}
