using Planton.Server.Hosting;

var command = new ServerCommand(Console.Out, Console.Error, Environment.GetEnvironmentVariable, ServerRun.RunAsync);
return await command.InvokeAsync(args).ConfigureAwait(false);
