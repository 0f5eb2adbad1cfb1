namespace Planton.Runner.Logging;

/// <summary>Which parts speak at which level.</summary>
internal static class RunnerLogging
{
    public static void Configure(ILoggingBuilder logging, ILoggerProvider provider, LogLevel level)
    {
        logging.ClearProviders();
        logging.AddProvider(provider);
        logging.SetMinimumLevel(level);
        if (level <= LogLevel.Debug)
            return;
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // A failed start and a failed operation are told once, by the runner itself, in its own words.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        logging.AddFilter("Yarp", LogLevel.None);
    }
}
