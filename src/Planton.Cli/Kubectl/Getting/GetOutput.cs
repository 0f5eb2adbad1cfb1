namespace Planton.Cli.Kubectl.Getting;

/// <summary>The values of <c>kubectl get -o</c>.</summary>
internal enum GetOutput
{
    Table,
    Wide,
    Json,
    Yaml,
    Name,
}
