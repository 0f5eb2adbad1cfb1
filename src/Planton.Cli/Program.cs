using Planton.Cli.Hosting;
using Planton.Cli.Invocation;

var environment = CliEnvironment.System();
using var interruption = new Interruption();
return await new CliApplication(environment).RunAsync(args, interruption.Token).ConfigureAwait(false);
