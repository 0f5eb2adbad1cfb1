using Planton.Runner.Commands;
using Planton.Runner.Startup;

return await new RunnerCommandLine(
    settings => new RunnerProcess(settings, Environment.GetEnvironmentVariable, Console.Error, TimeProvider.System).RunAsync(),
    Console.Out,
    Console.Error).RunAsync(args);
