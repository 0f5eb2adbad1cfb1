namespace Planton.Runner.Logging;

internal enum LogFormat
{
    Text,
    Json,
}
