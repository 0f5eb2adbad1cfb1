using SampleCluster.Hosting;

return await SampleClusterCommand.Make().Parse(args).InvokeAsync();
