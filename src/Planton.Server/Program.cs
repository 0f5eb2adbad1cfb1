using System.CommandLine;
using Planton.Server.Hosting;

var command = new ServerCommand(Console.Error, Environment.GetEnvironmentVariable, ServerRun.RunAsync);
// The host handles SIGTERM and SIGINT itself: it drains, which takes longer than the parser would wait.
var exit = await command.Root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }).ConfigureAwait(false);
return exit;
