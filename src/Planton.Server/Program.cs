using Planton.Server.Hosting;

var command = new ServerCommand(Console.Error, Environment.GetEnvironmentVariable, ServerRun.RunAsync);
return await command.InvokeAsync(args).ConfigureAwait(false);
